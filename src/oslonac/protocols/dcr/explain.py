"""A sentence for each obligation, possibility, block and deviation.

Sentences are whole and translatable: the caller brings the translator (`gettext` of a language)
and the words of the protocol (titles of activities, names of roles and sources). In English they
can be read as they stand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from oslonac.protocols.dcr.enabling import Missing, Obstacle
from oslonac.protocols.dcr.execution import Deviation
from oslonac.protocols.dcr.state import Block, Obligation, Possibility, Standing

Translate = Callable[[str], str]


@dataclass(frozen=True)
class Words:
    """What an explanation is told with. Each function gives the name people know."""

    activity: Callable[[str], str] = str
    role: Callable[[str], str] = str
    source: Callable[[str], str] = str
    translate: Translate = str
    zone: str = "Europe/Belgrade"

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
    _ = words.translate
    told = {
        "what": words.about(found.activity, found.subject),
        "who": words.role(found.role) or _("nobody in particular"),
        "since": words.moment(found.since),
        "due": words.moment(found.due) if found.due else "",
        "done": words.moment(found.done_at) if found.done_at else "",
        "source": words.source(found.norm.id) or _("no source named"),
    }
    late = found.overdue_by(now)
    if found.standing is Standing.DONE:
        text = _("%(what)s was done on %(done)s.")
    elif found.standing is Standing.VOID:
        text = _("%(what)s is no longer needed.")
    elif found.standing is Standing.SUSPENDED:
        text = _("%(what)s waits: its clock was stopped by a recorded decision.")
    elif late is not None:
        told["late"] = duration(late, _)
        text = _(
            "%(what)s is late by %(late)s: it was due on %(due)s (%(who)s; ground: %(source)s)."
        )
    elif found.due is not None:
        text = _("%(what)s is due by %(due)s, since %(since)s (%(who)s; ground: %(source)s).")
    else:
        text = _("%(what)s is to be done, since %(since)s (%(who)s; ground: %(source)s).")
    sentence = text % told
    if found.standing is Standing.OPEN and not found.certain:
        return sentence + " " + _("Whether it applies is not known yet.")
    if found.standing is Standing.OPEN and not found.binding:
        return sentence + " " + _("Guidance, not counted as a breach.")
    return sentence


def possibility(found: Possibility, words: Words) -> str:
    _ = words.translate
    return _("%(what)s may be done now.") % {"what": words.about(found.activity, found.subject)}


def block(found: Block, words: Words) -> str:
    """What may not be done yet, and what is missing."""
    _ = words.translate
    told = {
        "what": words.about(found.activity, found.subject),
        "why": "; ".join(obstacle(missing, words) for missing in found.missing),
    }
    return _("%(what)s may not be done yet: %(why)s.") % told


def deviation(found: Deviation, words: Words) -> str:
    """Something that was done though the procedure did not allow it."""
    _ = words.translate
    told = {
        "what": words.about(*found.copy),
        "when": words.moment(found.event.at),
        "why": "; ".join(obstacle(missing, words) for missing in found.missing),
    }
    return _("%(what)s was done on %(when)s out of order: %(why)s.") % told


def obstacle(missing: Missing, words: Words) -> str:
    """One thing in the way, as part of a sentence."""
    _ = words.translate
    what = words.about(missing.activity, missing.subject) if missing.activity else ""
    told = {"what": what, "key": missing.subject}
    texts = {
        Obstacle.EXCLUDED: _("it is not part of the procedure now"),
        Obstacle.CONDITION: _("%(what)s has to be done first"),
        Obstacle.DELAY: _("%(what)s was done too recently; wait until %(until)s"),
        Obstacle.MILESTONE: _("%(what)s is still due"),
        Obstacle.NAMELESS: _("the record names no %(key)s"),
        Obstacle.ROLE: _("it was recorded by a role that is not asked for it"),
    }
    told["until"] = words.moment(missing.until) if missing.until else ""
    sentence = texts[missing.obstacle] % told
    if missing.unknown:
        names = ", ".join(path.split(".", 1)[1] for path in missing.unknown)
        return (
            sentence
            + " "
            + _("(unless %(facts)s, not known yet, says otherwise)") % {"facts": names}
        )
    return sentence


def duration(length: timedelta, translate: Translate = str) -> str:
    """Days and hours, or hours and minutes when it is less than two days."""
    _ = translate
    minutes = int(length.total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    if days >= 2:
        return _("%(days)d days %(hours)d hours") % {"days": days, "hours": hours}
    told = {"hours": minutes // 60, "minutes": minutes % 60}
    return _("%(hours)d hours %(minutes)d minutes") % told
