"""What moving to other versions changes, in sentences."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oslonac.cases import moments
from oslonac.cases.duties.moving import Move
from oslonac.protocols import catalogue, editions, wording
from oslonac.protocols.dcr.state import Standing
from oslonac.protocols.models import Edition
from oslonac.protocols.versions import Change, Kind

STANDINGS = {
    Standing.OPEN: gettext_lazy("open"),
    Standing.DONE: gettext_lazy("done"),
    Standing.VOID: gettext_lazy("no longer needed"),
    Standing.SUSPENDED: gettext_lazy("suspended by a decision"),
}


@dataclass(frozen=True)
class Told:
    """One procedure: its name, from which version to which, and a sentence for each change."""

    title: str
    versions: str
    sentences: Sequence[str]


def told(moves: Iterable[Move]) -> list[Told]:
    return [Told(_title(move), _versions(move), _sentences(move)) for move in moves]


def _title(move: Move) -> str:
    edition = move.new or move.old
    assert edition is not None  # noqa: S101  (one of them is there)
    return catalogue.in_language(editions.protocol_of(edition.pk).title)


def _versions(move: Move) -> str:
    if move.old is None:
        return _("new: version %(after)s") % {"after": _named(move.new)}
    if move.new is None:
        return _("no longer in the pack (it runs on version %(before)s)") % {
            "before": _named(move.old)
        }
    return _("version %(before)s → %(after)s") % {
        "before": _named(move.old),
        "after": _named(move.new),
    }


def _named(edition: Edition | None) -> str:
    """A version and since when it is here: two texts may carry the same number."""
    if edition is None:
        return ""
    return f"{edition.version} ({moments.day(edition.loaded_at)})"


def _sentences(move: Move) -> list[str]:
    return list(dict.fromkeys(sentence(change) for change in move.changes))


def sentence(change: Change) -> str:
    """One change, whole."""
    texts = {
        Kind.ADDED: _("New task: %(what)s; due: %(after)s"),
        Kind.REMOVED: _("No longer required: %(what)s"),
        Kind.DUE: _("%(what)s: due %(after)s instead of %(before)s"),
        Kind.STANDING: _("%(what)s: %(after)s instead of %(before)s"),
        Kind.RESPONSIBLE: _("%(what)s: %(after)s instead of %(before)s"),
        Kind.GROUND: _("%(what)s: legal source %(after)s instead of %(before)s"),
        Kind.POSSIBLE: _("Possible now: %(what)s"),
        Kind.BLOCKED: _("Must wait: %(what)s"),
    }
    return texts[change.kind] % {
        "what": catalogue.title(change.activity),
        "before": _value(change, change.before),
        "after": _value(change, change.after),
    }


def _value(change: Change, value: str) -> str:
    if change.kind in (Kind.DUE, Kind.ADDED, Kind.REMOVED):
        return moments.short(datetime.fromisoformat(value)) if value else _("without a deadline")
    if change.kind is Kind.STANDING:
        return str(STANDINGS.get(Standing(value), value)) if value else ""
    if change.kind is Kind.RESPONSIBLE:
        return wording.role(value) if value else _("nobody in particular")
    if change.kind is Kind.GROUND:
        source = catalogue.source(change.activity, value.removesuffix("~"))
        source = source or _("no source given")
        return _("%(source)s (guidance)") % {"source": source} if value.endswith("~") else source
    return value
