"""A sentence for each obligation, possibility, block and deviation.

Sentences are whole and translatable: the caller brings the wording of a language (`kit.wording`)
and the words of the protocol (titles of activities, names of roles and sources). In English they
can be read as they stand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from oslonac.kit.wording import ENGLISH, Wording, counted, mark
from oslonac.protocols.dcr.enabling import Missing, Obstacle
from oslonac.protocols.dcr.execution import Deviation
from oslonac.protocols.dcr.state import Block, Obligation, Possibility, Standing


@dataclass(frozen=True)
class Words:
    """What an explanation is told with. Each function gives the name people know."""

    activity: Callable[[str], str] = str
    role: Callable[[str], str] = str
    source: Callable[[str], str] = str
    translate: Callable[[str], str] = ENGLISH.text
    zone: str = "UTC"
    plural: Callable[[str, str, int], str] = ENGLISH.plural

    @property
    def wording(self) -> Wording:
        return Wording(self.translate, self.plural)

    def moment(self, moment: datetime) -> str:
        return moment.astimezone(ZoneInfo(self.zone)).strftime("%Y-%m-%d %H:%M")

    def local(self, moment: datetime) -> str:
        """For programs: ISO 8601 in the zone of the case."""
        return moment.astimezone(ZoneInfo(self.zone)).isoformat()

    def about(self, activity: str, subject: str) -> str:
        name = self.activity(activity)
        return f"“{name}” ({subject})" if subject else f"“{name}”"


def obligation(found: Obligation, now: datetime, words: Words) -> str:
    """Who must do what by when, and on what ground."""
    say = words.wording
    told = {
        "what": words.about(found.activity, found.subject),
        "who": words.role(found.role) or say(mark("nobody in particular")),
        "since": words.moment(found.since),
        "due": words.moment(found.due) if found.due else "",
        "done": words.moment(found.done_at) if found.done_at else "",
        "source": words.source(found.norm.id) or say(mark("no source given")),
    }
    late = found.overdue_by(now)
    if found.standing is Standing.DONE:
        text = mark("%(what)s was done on %(done)s.")
    elif found.standing is Standing.VOID:
        text = mark("%(what)s is no longer needed.")
    elif found.standing is Standing.SUSPENDED:
        text = mark("%(what)s is suspended by a recorded decision.")
    elif late is not None:
        told["late"] = duration(late, say)
        text = mark(
            "%(what)s is late by %(late)s: it was due on %(due)s (%(who)s; legal source: "
            "%(source)s)."
        )
    elif found.due is not None:
        text = mark(
            "%(what)s is due by %(due)s, since %(since)s (%(who)s; legal source: %(source)s)."
        )
    else:
        text = mark("%(what)s must be done, since %(since)s (%(who)s; legal source: %(source)s).")
    sentence = say(text, **told)
    if found.standing is Standing.OPEN and not found.certain:
        return sentence + " " + say(mark("Whether it applies is not known yet."))
    if found.standing is Standing.OPEN and not found.binding:
        return sentence + " " + say(mark("Guidance, not counted as a breach."))
    return sentence


def possibility(found: Possibility, words: Words) -> str:
    what = words.about(found.activity, found.subject)
    return words.wording(mark("%(what)s may be done now."), what=what)


def block(found: Block, words: Words) -> str:
    """What may not be done yet, and what is missing."""
    told = {
        "what": words.about(found.activity, found.subject),
        "why": "; ".join(obstacle(missing, words) for missing in found.missing),
    }
    return words.wording(mark("%(what)s may not be done yet: %(why)s."), **told)


def deviation(found: Deviation, words: Words) -> str:
    """Something that was done though the procedure did not allow it."""
    told = {
        "what": words.about(*found.copy),
        "when": words.moment(found.event.at),
        "why": "; ".join(obstacle(missing, words) for missing in found.missing),
    }
    sentence = mark("%(what)s was done on %(when)s, before it was allowed: %(why)s.")
    if any(missing.obstacle is Obstacle.NOT_ASKED for missing in found.missing):
        sentence = mark("What was recorded on %(when)s does not count as %(what)s: %(why)s.")
    return words.wording(sentence, **told)


def obstacle(missing: Missing, words: Words) -> str:
    """One thing in the way, as part of a sentence."""
    say = words.wording
    what = words.about(missing.activity, missing.subject) if missing.activity else ""
    told = {"what": what, "key": missing.subject}
    texts = {
        Obstacle.EXCLUDED: mark("it is not part of the procedure now"),
        Obstacle.CONDITION: mark("%(what)s must be done first"),
        Obstacle.DELAY: mark("%(what)s was done too recently; wait until %(until)s"),
        Obstacle.MILESTONE: mark("%(what)s is still due"),
        Obstacle.NAMELESS: mark("the record names no %(key)s"),
        Obstacle.ROLE: mark("it was recorded by a role that is not responsible for it"),
        Obstacle.NOT_ASKED: mark("it was recorded by somebody it is not asked of"),
    }
    told["until"] = words.moment(missing.until) if missing.until else ""
    sentence = say(texts[missing.obstacle], **told)
    if missing.unknown:
        names = ", ".join(path.split(".", 1)[1] for path in missing.unknown)
        unless = mark("(unless %(facts)s, not known yet, says otherwise)")
        return f"{sentence} {say(unless, facts=names)}"
    return sentence


DAYS = counted("%(n)d day", "%(n)d days")
HOURS = counted("%(n)d hour", "%(n)d hours")
MINUTES = counted("%(n)d minute", "%(n)d minutes")


def duration(length: timedelta, say: Wording = ENGLISH) -> str:
    """Days and hours, or hours and minutes when it is less than two days."""
    minutes = int(length.total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    if days >= 2:
        return f"{say.count(DAYS, days)} {say.count(HOURS, hours)}"
    return f"{say.count(HOURS, minutes // 60)} {say.count(MINUTES, minutes % 60)}"
