"""The day's Merkle root: made, signed, published, and proofs that an event stands under it.

A root covers the links sealed on one day of the installation's time zone. It is made when the
day is over, for every day without a gap, and each names the one before. Published (on paper, as a
file, in a newspaper) it lets anybody who kept it show later that the ledger was changed.

Belongs here: statements of roots, their signatures, proofs. Does not: the tree (`merkle`), the
judgement over a whole ledger (`verification`).
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from oslonac.audit import chain, merkle, statements, witness
from oslonac.audit.models import Event, Link, Root
from oslonac.audit.rules import PROOF, PUBLICATION
from oslonac.kit.clock import local_day, now
from oslonac.kit.errors import Hidden
from oslonac.vault import signing
from oslonac.vault.signing import BadSignature, Signature

PURPOSE = "ledger root"
_FIRST = hashlib.sha256(b"oslonac ledger roots").digest()
_PAGE = 20_000


def day_start(day: date) -> datetime:
    """When a local day begins; the next may begin 23 or 25 hours later."""
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


def make_due(at: datetime | None = None) -> list[Root]:
    """Make and sign the roots of all days that are over. Harmless to repeat."""
    made: list[Root] = []
    today = local_day(at or now())
    with transaction.atomic():
        if not chain.lock():
            return []
        last = Root.objects.order_by("-day").first()
        day = last.day + timedelta(days=1) if last else _first_day()
        while day is not None and day < today:
            last = _make(day, last)
            made.append(last)
            day += timedelta(days=1)
    return made


def _first_day() -> date | None:
    first = Link.objects.order_by("sequence").only("sealed_at").first()
    return local_day(first.sealed_at) if first else None


def _make(day: date, before: Root | None) -> Root:
    first = before.last + 1 if before else 1
    over = day_start(day + timedelta(days=1))
    found = Link.objects.filter(sequence__gte=first, sealed_at__lt=over).order_by("-sequence")
    end = found.first()
    last = end.sequence if end else first - 1
    root = Root(
        day=day,
        first=first,
        last=last,
        root=merkle.root(leaves(first, last)),
        head=bytes(end.hash) if end else bytes(before.head) if before else statements.GENESIS,
        previous=_digest(said_of(before)) if before else _FIRST,
        made_at=now(),
    )
    root.signature = signing.sign(PURPOSE, said_of(root)).as_json()
    root.save(force_insert=True)
    return root


def leaves(first: int, last: int) -> Iterator[bytes]:
    """Leaf hashes of a range of numbers, in order."""
    rows = Link.objects.filter(sequence__gte=first, sequence__lte=last).order_by("sequence")
    for leaf in rows.values_list("leaf", flat=True).iterator(_PAGE):
        yield bytes(leaf)


def said_of(root: Root) -> dict[str, Any]:
    """What is signed of a root."""
    return {
        "day": root.day.isoformat(),
        "first": root.first,
        "last": root.last,
        "root": bytes(root.root).hex(),
        "head": bytes(root.head).hex(),
        "previous": bytes(root.previous).hex(),
        "made_at": root.made_at.astimezone(ZoneInfo("UTC")).isoformat(),
    }


def digest_of(said: Mapping[str, Any]) -> str:
    """What the next day names this root by (hex)."""
    return _digest(said).hex()


def _digest(said: Mapping[str, Any]) -> bytes:
    return hashlib.sha256(signing.message(PURPOSE, said)).digest()


def published(root: Root) -> dict[str, Any]:
    """A root as it is given to others: what was said, and the signature."""
    return said_of(root) | {"signature": dict(root.signature)}


def publication(rows: list[Root]) -> dict[str, Any]:
    """The file that `oslonac audit roots` writes and `--roots` reads."""
    return {"format": PUBLICATION, "roots": [published(row) for row in rows]}


def signed_rightly(entry: Mapping[str, Any]) -> str:
    """Empty for a root with our signature, `wrong_key` for another's, `changed` for a wrong one."""
    try:
        signature = Signature(**entry["signature"])
        said = {name: value for name, value in entry.items() if name != "signature"}
        signing.check(PURPOSE, said, signature)
    except (BadSignature, TypeError, KeyError):
        return "changed"
    return "" if signing.is_ours(signature) else "wrong_key"


def prove(event_id: UUID) -> dict[str, Any]:
    """Proof that an event stands under the root of its day; everything needed to check it.

    Raises Hidden when there is no such event. `root` is None while its day is not over.
    """
    event = Event.objects.filter(pk=event_id).first()
    link = Link.objects.filter(event_id=event_id).first()
    if event is None:
        raise Hidden("event", event_id)
    proof: dict[str, Any] = {"format": PROOF, "event": _content(event)}
    if link is None:
        return proof | {"sequence": None, "root": None}
    proof |= {"sequence": link.sequence, "leaf": bytes(link.leaf).hex()}
    root = Root.objects.filter(first__lte=link.sequence, last__gte=link.sequence).first()
    if root is None:
        return proof | {"root": None}
    under = list(leaves(root.first, root.last))
    index = link.sequence - root.first
    return proof | {
        "index": index,
        "size": len(under),
        "path": [each.hex() for each in merkle.path(index, under)],
        "root": published(root),
    }


def _content(event: Event) -> dict[str, Any]:
    """An event as its leaf hashes it: the words, and what the database added."""
    said = statements.words([getattr(event, name) for name in statements.SAID])
    return {
        "words": said.decode(),
        "recorded_at": event.recorded_at.astimezone(ZoneInfo("UTC")).isoformat(),
        "xid": event.xid,
    }


def check_proof(proof: Mapping[str, Any]) -> str:
    """Empty when a proof holds, else a code: `not_yet`, `leaf`, `path`, or of the signature. Needs
    no database: only the proof, and the key file to know our signature."""
    if not proof.get("root"):
        return "not_yet"
    content, root = proof["event"], proof["root"]
    recorded = datetime.fromisoformat(content["recorded_at"])
    leaf = statements.leaf(proof["sequence"], content["words"].encode(), recorded, content["xid"])
    if leaf.hex() != proof["leaf"] or proof["index"] != proof["sequence"] - root["first"]:
        return "leaf"
    path = [bytes.fromhex(each) for each in proof["path"]]
    try:
        reached = merkle.root_from_path(leaf, proof["index"], proof["size"], path)
    except ValueError:
        return "path"
    if reached.hex() != root["root"] or proof["size"] != root["last"] - root["first"] + 1:
        return "path"
    return signed_rightly(root)


def note_all(rows: list[Root]) -> None:
    """Keep new roots outside the database."""
    for row in rows:
        witness.note_root(witness.folder(), published(row))
