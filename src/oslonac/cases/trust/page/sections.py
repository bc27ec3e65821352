"""Consents, requests of the person, emergencies and blocks on the case page."""

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oslonac.access.models import Block
from oslonac.access.opening import shown
from oslonac.access.rules import BlockReason, Level, Scope
from oslonac.accounts.queries import office_name
from oslonac.cases import moments
from oslonac.cases.models import Consent, Emergency, OwnRequest
from oslonac.cases.page.rows import CaseFile
from oslonac.cases.page.shapes import Entry, Section, texts
from oslonac.cases.steps import registry
from oslonac.cases.trust import blocks, rules
from oslonac.cases.trust import consents as reading
from oslonac.directory import codes
from oslonac.people.models import Person
from oslonac.people.queries import NAMELESS, shown_names
from oslonac.web.shapes import Action, Flag, Kind

_CONSENT: dict[str, Kind] = {"given": "ok", "refused": "alert", "withdrawn": "warn"}
_OUTCOME: dict[str, Kind] = {
    "waiting": "alert",
    "justified": "ok",
    "unjustified": "alert",
    "follow_up": "warn",
}
_ASKED: dict[str, Kind] = {"open": "warn", "granted": "ok", "partly": "ok", "refused": "alert"}


def consents(file: CaseFile) -> Section:
    """What was agreed to, for whom, and what rests on it; ended ones folded away."""
    resting = reading.resting(file.consents, at=file.at) if file.consents else reading.Resting({})
    entries = [_consent(file, row, resting.of(row)) for row in file.consents]
    holds = [holding(row, file) for row in file.consents]
    add = registry.button("consent", file.actor, file.case)
    return Section(
        anchor="consents",
        title=_("Consent and assent"),
        entries=[entry for entry, holding in zip(entries, holds, strict=True) if holding],
        older=[entry for entry, holding in zip(entries, holds, strict=True) if not holding],
        empty=_("There is no valid consent at present. What the law requires needs no consent."),
        actions=[add] if add else [],
    )


def holding(row: Consent, file: CaseFile) -> bool:
    timed_out = row.until is not None and row.until <= file.at
    return row.status == rules.ConsentStatus.GIVEN and not timed_out


def _consent(file: CaseFile, row: Consent, grants: int) -> Entry:
    over = row.until is not None and row.until <= file.at
    label = str(rules.ConsentStatus(row.status).label)
    flag = Flag(label, _CONSENT[row.status])
    if over and row.status == rules.ConsentStatus.GIVEN:
        flag = Flag(_("has expired"), "calm")
    how_much = str(Level(row.level).label)
    if row.whereabouts:
        how_much = _("%(level)s, and where the person is") % {"level": how_much}
    rested = ngettext("%(n)d access is based on it", "%(n)d accesses are based on it", grants) % {
        "n": grants
    }
    taken = ""
    if row.withdrawn_at:
        taken = _("withdrawn %(moment)s by %(whom)s") % {
            "moment": moments.short(row.withdrawn_at),
            "whom": str(rules.Capacity(row.withdrawn_by or rules.Capacity.CHILD).label),
        }
    return Entry(
        title=_("%(purpose)s: %(receiver)s")
        % {
            "purpose": codes.title("consent_purposes", row.purpose),
            "receiver": office_name(row.receiver),
        },
        line=_joined(
            how_much,
            said(row),
            _("in %(language)s") % {"language": codes.title("languages", row.language)},
            _("interpreter %(name)s") % {"name": moments.isolated(file.text(row, "interpreter"))}
            if file.text(row, "interpreter") and file.shows(Level.IDENTITY)
            else "",
            moments.short(row.given_at),
            _("until %(moment)s") % {"moment": moments.short(row.until)} if row.until else "",
            file.name(row.recorded_by_id),
            taken,
            rested if grants else "",
        ),
        flags=[flag, *_rule(row)],
        texts=texts(
            (_("What may and may not be disclosed"), file.text(row, "scope")),
            (_("Why without an adult's agreement"), file.text(row, "exception")),
            (
                _("Who spoke for the person"),
                file.text(row, "adult_name") if file.shows(Level.IDENTITY) else "",
            ),
        ),
        actions=registry.buttons(file.actor, file.case, row, "consent-withdraw", kind="quiet"),
        anchor=f"consent-{row.pk}",
    )


def said(row: Consent) -> str:
    """Who said what: "the child agrees; the guardian agrees"."""
    parts = [
        _("the person %(answer)s") % {"answer": str(rules.ChildAnswer(row.child_answer).label)}
    ]
    if row.adult:
        verb = _("%(who)s agrees")
        if row.status == rules.ConsentStatus.REFUSED:
            verb = _("%(who)s was also asked")
        parts.append(verb % {"who": str(rules.Capacity(row.adult).label)})
    return "; ".join(parts)


def _rule(row: Consent) -> list[Flag]:
    """The age rule that was applied, marked while no norm was read for it."""
    more = codes.extras("consent_bands").get(row.band)
    if more is None or more.get("verified"):
        return []
    return [Flag(_("age rule not confirmed"), "calm")]


def emergencies(file: CaseFile) -> Section | None:
    """Left out while there was none."""
    if not file.emergencies:
        return None
    return Section(
        anchor="emergencies",
        title=_("Opened in an emergency"),
        entries=[_emergency(file, row) for row in file.emergencies],
    )


def _emergency(file: CaseFile, row: Emergency) -> Entry:
    reviewed = ""
    if row.reviewed_at:
        reviewed = _("reviewed %(moment)s by %(name)s") % {
            "moment": moments.short(row.reviewed_at),
            "name": file.name(row.reviewed_by_id),
        }
    return Entry(
        title=_joined(file.name(row.user_id), str(row.organisation or "")),
        line=_joined(
            _("from %(start)s to %(end)s")
            % {"start": moments.short(row.opened_at), "end": moments.short(row.until)},
            _("and where the person is") if row.whereabouts else "",
            reviewed,
        ),
        flags=[Flag(str(rules.EmergencyOutcome(row.outcome).label), _OUTCOME[row.outcome])],
        texts=texts(
            (_("The emergency"), file.text(row, "reason")),
            (_("What the review says"), file.text(row, "review")),
        ),
        actions=registry.buttons(
            file.actor, file.case, row, "emergency-review", "emergency-end", kind="quiet"
        ),
        kind="alert" if row.outcome == rules.EmergencyOutcome.WAITING else "",
        anchor=f"emergency-{row.pk}",
    )


def own_requests(file: CaseFile) -> Section:
    add = registry.button("own", file.actor, file.case)
    return Section(
        anchor="own-requests",
        title=_("Requests for a copy or correction"),
        entries=[_own(file, row) for row in file.own_requests],
        empty=_("There are no requests for a copy or a correction, and no objections."),
        actions=[add] if add else [],
    )


def _own(file: CaseFile, row: OwnRequest) -> Entry:
    decided = ""
    if row.decided_at:
        decided = _("decided %(moment)s by %(name)s") % {
            "moment": moments.short(row.decided_at),
            "name": file.name(row.decided_by_id),
        }
    told = _("handed over %(day)s") % {"day": moments.day(row.told_at)} if row.told_at else ""
    actions = registry.buttons(
        file.actor, file.case, row, "own-answer", "own-told", "own-withdraw", kind="quiet"
    )
    if row.decided_at:
        url = reverse("own_file:answer", args=[file.case.pk, row.pk])
        actions.append(Action(_("Print the answer"), url, kind="plain", icon="print"))
    return Entry(
        title=capfirst(str(rules.OwnAsk(row.kind).label)),
        line=_joined(
            _("asked by %(whom)s on %(day)s")
            % {"whom": str(rules.Capacity(row.asked_by).label), "day": moments.day(row.asked_at)},
            codes.title("languages", row.language),
            decided,
            told,
        ),
        flags=[Flag(str(rules.AskStatus(row.status).label), _ASKED.get(row.status, "calm"))],
        texts=texts(
            (
                _("Who asked"),
                file.text(row, "asker_name") if file.shows(Level.IDENTITY) else "",
            ),
            (_("What was asked"), file.text(row, "text")),
            (_("Answer"), file.text(row, "answer")),
        ),
        actions=actions,
        anchor=f"own-{row.pk}",
    )


def kept_away(file: CaseFile) -> list[Entry]:
    """Who is kept from what and why, for those who may know it."""
    if not file.blocks or not blocks.may_know(file.actor, file.case):
        return []
    told = shown(file.blocks, file.case.reach, "why")
    persons = _persons(file)
    return [
        Entry(
            title=_whom(file, row, persons),
            line=_joined(
                str(BlockReason(row.reason).label),
                _("declared by themselves") if row.declared else file.name(row.given_by_id),
                _("since %(day)s") % {"day": moments.day(row.starts_at)},
                _("until %(moment)s") % {"moment": moments.short(row.ends_at)}
                if row.ends_at
                else "",
            ),
            flags=[
                Flag(str(Scope(row.scope).label), "alert" if row.scope == Scope.ALL else "warn")
            ],
            texts=texts(("", told.get(row.pk, {}).get("why", ""))),
            actions=registry.buttons(file.actor, file.case, row, "block-lift"),
            anchor=f"block-{row.pk}",
        )
        for row in file.blocks
    ]


def _persons(file: CaseFile) -> dict:
    wanted = {row.stands_with for row in file.blocks if row.stands_with is not None}
    if not wanted or not file.shows(Level.IDENTITY):
        return {}
    return shown_names(Person.objects.filter(pk__in=wanted).select_related("key"))


def _whom(file: CaseFile, row: Block, persons: dict) -> str:
    if row.user_id:
        return file.name(row.user_id) or NAMELESS
    if row.organisation_id:
        return _("everybody at %(office)s") % {"office": str(row.organisation)}
    name = moments.isolated(persons.get(row.stands_with, NAMELESS))
    return _("people with a personal tie to %(person)s") % {"person": name}


def steps(file: CaseFile) -> list[Action]:
    """What can be done about sight, beside giving it."""
    found = [registry.button(s, file.actor, file.case) for s in ("block", "tie", "conflict")]
    return [each for each in found if each is not None]


def own_url(file: CaseFile) -> str:
    """The page of what the person may be given; for whoever reads names and texts anyhow."""
    if not file.shows(Level.IDENTITY):
        return ""
    return reverse("own_file:page", args=[file.case.pk])


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
