"""Versions of procedures as they are kept: loading them with the pack, and finding what a case
runs on.

A case is pinned to a set of editions (`ProcedureSet`) when it opens and stays there until
somebody decides to move it. Belongs here: storing and reading. Does not: what a move would
change (`versions`), moving a case (`cases.actions.procedures`).
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from oslonac.kit.clock import now
from oslonac.protocols.compiling import compile_protocol
from oslonac.protocols.models import Edition, ProcedureSet
from oslonac.protocols.pack import files, load
from oslonac.protocols.procedure import NoProtocols, PackProcedure
from oslonac.protocols.protocol import Protocol
from oslonac.protocols.reading import Document, read_text


class BadProtocols(ValueError):
    """The pack holds a procedure that cannot run. Says file, line and what is wrong."""


def edition_id(text: str) -> UUID:
    """The id that follows from a procedure's text."""
    return UUID(bytes=sha256(text.encode()).digest()[:16])


def set_id(editions: Iterable[UUID]) -> UUID:
    """The id that follows from the editions of a set, in whatever order."""
    joined = "".join(sorted(str(each) for each in editions))
    return UUID(bytes=sha256(joined.encode()).digest()[:16])


@transaction.atomic
def load_pack(folder: Path) -> ProcedureSet:
    """Keep the procedures of a pack and make them what new cases begin on; repeating it changes
    nothing, and running cases stay where they are. Raises BadProtocols, NoProtocols."""
    paths = files([folder])
    editions = [_edition(path) for path in paths]
    if not editions:
        raise NoProtocols(f"There is no protocol that can run in {folder}.")
    Edition.objects.bulk_create(editions, ignore_conflicts=True)
    return make_current([edition.pk for edition in editions])


def _edition(path: Path) -> Edition:
    loaded = load(path)
    if loaded.protocol is None:
        raise BadProtocols("\n".join(str(problem) for problem in loaded.problems))
    text = path.read_text("utf-8")
    return Edition(
        id=edition_id(text),
        protocol=loaded.protocol.id,
        version=loaded.protocol.version[:60],
        file=path.name[:120],
        text=text,
        loaded_at=now(),
    )


def make_current(editions: Sequence[UUID]) -> ProcedureSet:
    """The set of some editions, from now on what new cases begin on."""
    chosen = make_set(editions)
    ProcedureSet.objects.filter(current=True).exclude(pk=chosen.pk).update(current=False)
    ProcedureSet.objects.filter(pk=chosen.pk, current=False).update(current=True)
    chosen.current = True
    return chosen


def make_set(editions: Sequence[UUID]) -> ProcedureSet:
    """The set of some editions, made when it is new."""
    ids = sorted(set(editions))
    found, _ = ProcedureSet.objects.get_or_create(
        pk=set_id(ids), defaults={"editions": ids, "made_at": now()}
    )
    return found


def is_loaded() -> bool:
    """Whether any pack's procedures are kept here."""
    return ProcedureSet.objects.filter(current=True).exists()


def current() -> ProcedureSet:
    """What a case that opens now begins on; loads the pack when none was."""
    found = ProcedureSet.objects.filter(current=True).first()
    return found or load_pack(Path(settings.OSLONAC_PACK))


def pinned(set_of_case: UUID | None) -> UUID:
    """The set a case runs on. Cases older than this table began on the first that was loaded."""
    if set_of_case is not None:
        return set_of_case
    first = ProcedureSet.objects.order_by("made_at", "pk").values_list("pk", flat=True).first()
    return first or current().pk


def procedure_of(set_of_case: UUID | None) -> PackProcedure:
    """The procedures a case runs on, ready to run."""
    return _procedure(pinned(set_of_case))


@lru_cache(maxsize=64)
def _procedure(chosen: UUID) -> PackProcedure:
    editions = ProcedureSet.objects.values_list("editions", flat=True).get(pk=chosen)
    return PackProcedure(tuple(sorted(map(protocol_of, editions), key=lambda p: p.id)))


@lru_cache(maxsize=512)
def protocol_of(edition: UUID) -> Protocol:
    """One edition, compiled. What was kept could run; a later product must be able to run it."""
    row = Edition.objects.get(pk=edition)
    protocol = compile_protocol(read_text(row.text, Document(row.file)))
    if protocol is None:
        raise BadProtocols(f"The kept version {row.version} of {row.protocol} no longer runs.")
    return protocol


def editions_of(set_of_case: UUID | None) -> list[Edition]:
    """The editions a case runs on, by procedure."""
    row = ProcedureSet.objects.get(pk=pinned(set_of_case))
    return list(Edition.objects.filter(pk__in=row.editions).order_by("protocol"))
