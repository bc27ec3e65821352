"""The texts of an activity in the reader's language: title, guidance, form, evidence, source.

Lists name activities of many cases, on whatever versions those run: an activity is told as the
current version tells it, or the latest that knows it. Belongs here: words from the pack. Does
not: words of pages.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext

from oslonac.protocols import editions, wording
from oslonac.protocols.dcr import explain
from oslonac.protocols.dcr.enabling import Missing, Obstacle
from oslonac.protocols.models import Edition
from oslonac.protocols.protocol import Protocol, Step, text_in


def in_language(texts: Mapping[str, str]) -> str:
    """The text in the language of the page, else English, else any, else nothing."""
    return text_in(texts, wording.tag())


@dataclass(frozen=True)
class Entry:
    """An activity in its procedure."""

    protocol: Protocol
    step: Step

    @property
    def title(self) -> str:
        return in_language(self.step.title)

    @property
    def how(self) -> str:
        return in_language(self.step.how)

    @property
    def evidence(self) -> str:
        return in_language(self.step.evidence)

    @property
    def form(self) -> str:
        """The step of the product that fulfils it; empty when it has none of its own."""
        return self.step.form

    def source(self, source: str) -> str:
        """The ground by its id, as people cite it."""
        found = self.protocol.sources.get(source)
        return found.cited(wording.tag()) if found else source


def entry(activity: str) -> Entry | None:
    """An activity by its id, or None when no version that was ever loaded knows it."""
    wanted = activity.partition(".")[0]
    if wanted not in _known:
        found = _current(editions.current().pk).get(wanted) or _in_older(wanted)
        if found is None:
            return None
        _known[wanted] = found
    return _known[wanted]


# Entries by activity, per process: emptied when a pack is loaded (`forget_cached`).
_known: dict[str, Entry] = {}


def forget_cached() -> None:
    """Call after loading a pack."""
    _known.clear()


@lru_cache(maxsize=4)
def _current(chosen: object) -> Mapping[str, Entry]:
    return _entries(editions.procedure_of(chosen).protocols)  # type: ignore[arg-type]


def _entries(protocols: Iterable[Protocol]) -> dict[str, Entry]:
    return {id_: Entry(p, step) for p in protocols for id_, step in p.steps.items()}


def _in_older(activity: str) -> Entry | None:
    for edition in Edition.objects.order_by("-loaded_at").values_list("pk", flat=True):
        found = _entries([editions.protocol_of(edition)]).get(activity)
        if found is not None:
            return found
    return None


def title(activity: str) -> str:
    """The title, or the id where nothing knows it any more."""
    found = entry(activity)
    return found.title if found else activity


def outcome(activity: str, outcome: str) -> str:
    """How a step ended, or the id where nothing knows it any more."""
    found = entry(activity)
    return (in_language(found.step.outcomes.get(outcome, {})) if found else "") or outcome


def form(activity: str) -> str:
    found = entry(activity)
    return found.form if found else ""


def source(activity: str, source: str) -> str:
    """The ground of an obligation, as people cite it."""
    found = entry(activity)
    return found.source(source) if found else source


class _PageWords(explain.Words):
    """Moments as the language of the page writes them."""

    def moment(self, moment: datetime) -> str:
        return formats.date_format(localtime(moment), "SHORT_DATETIME_FORMAT")


def words() -> explain.Words:
    """What explanations of the engine are told with, in the language of the page."""
    return _PageWords(title, wording.role, str, gettext, plural=ngettext)


def missing(found: Iterable[Missing]) -> str:
    """What stands in the way, as part of a sentence; ids of what it is about are left out."""
    told = words()
    kept = (
        replace(m, subject="" if m.obstacle is not Obstacle.NAMELESS else m.subject) for m in found
    )
    return "; ".join(dict.fromkeys(explain.obstacle(each, told) for each in kept))


def activities() -> dict[str, Entry]:
    """Every activity of the current versions."""
    return dict(_current(editions.current().pk))
