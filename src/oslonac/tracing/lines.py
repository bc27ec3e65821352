"""What the tracing pages show: sentences, facts and flags made from what was read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oslonac.access.actor import Actor
from oslonac.access.rules import Level
from oslonac.accounts.queries import names_of
from oslonac.cases import moments
from oslonac.directory import codes
from oslonac.people.queries import Dossier, shown_names
from oslonac.people.rules import RelationKind, Sex
from oslonac.search.wording import sentences
from oslonac.tracing import joined, queries
from oslonac.tracing.models import Candidate, FollowUp, TracingRequest
from oslonac.tracing.queries import CandidateLine, Sides, TraceLine
from oslonac.tracing.rules import (
    CandidateStatus,
    Closed,
    FollowUpOutcome,
    Outcome,
    Side,
    TraceStatus,
    Wish,
)
from oslonac.web.shapes import Fact, Flag

KIND: Mapping[str, Any] = {
    TraceStatus.OPEN: "calm",
    TraceStatus.IN_PROGRESS: "warn",
    TraceStatus.VERIFIED: "ok",
    TraceStatus.REUNIFIED: "ok",
    TraceStatus.CLOSED: "calm",
}
AGREEING: Mapping[str, Any] = {
    "name": gettext_lazy("names"),
    "sex": gettext_lazy("sex"),
    "country": gettext_lazy("country of origin"),
    "language": gettext_lazy("a language"),
    "birth": gettext_lazy("age"),
    "family": gettext_lazy("family"),
    "group": gettext_lazy("travel group"),
    "document": gettext_lazy("a document"),
    "phone": gettext_lazy("a phone number"),
    "mark": gettext_lazy("a mark"),
}


@dataclass(frozen=True)
class RequestLine:
    request: TracingRequest
    name: str
    flag: Flag
    sought: str
    waits: int
    url: str


def of_requests(
    actor: Actor, listed: Sequence[tuple[TracingRequest, TraceStatus]], *, at: datetime
) -> list[RequestLine]:
    """Requests as lines of the list. All were visible at the level of names."""
    names = shown_names(row.seeker for row, _status in listed)
    waiting = _waiting(row for row, _status in listed)
    return [
        RequestLine(
            row,
            names[row.seeker_id],
            Flag(str(status.label), KIND[status]),
            ", ".join(str(RelationKind(t.relation).label) for t in row.traces.all()),
            waiting.get(row.pk, 0),
            reverse("tracing:request", args=[row.pk]),
        )
        for row, status in listed
    ]


def _waiting(requests: Iterable[TracingRequest]) -> dict[UUID, int]:
    """How many candidates nobody has looked at yet, by request."""
    found: dict[UUID, int] = {}
    rows = Candidate.objects.filter(trace__request__in=[each.pk for each in requests])
    for row in joined.leading(list(rows.select_related("trace"))):
        if row.status == CandidateStatus.PROPOSED:
            found[row.trace.request_id] = found.get(row.trace.request_id, 0) + 1
    return found


def facts_of(found: TracingRequest, names: Mapping[UUID, str]) -> list[Fact]:
    """When, by whom, with which agreement."""
    agreed = _("yes") if found.may_share else _("no, only to a search")
    where = [
        Fact(_("Received"), moments.short(found.received_at)),
        Fact(_("Kept by"), names.get(found.responsible_id, ""), note=str(found.organisation)),
        Fact(_("May be named to the other side"), agreed),
    ]
    if found.separated_from and found.separated_to:
        days = sorted({found.separated_from, found.separated_to})
        text = " – ".join(date_format(day, "DATE_FORMAT") for day in days)
        where.append(Fact(_("Separated"), text))
    if found.withdrawn_at:
        where.append(Fact(_("Withdrawn"), moments.short(found.withdrawn_at)))
    return where


def stages(status: TraceStatus) -> list[tuple[str, str]]:
    """The way of a search, for the picture: label and done, now or later."""
    order = list(TraceStatus)
    here = order.index(status)
    return [
        (capfirst(str(each.label)), "done" if place < here else "now" if place == here else "later")
        for place, each in enumerate(order)
    ]


@dataclass(frozen=True)
class CandidateShown:
    line: CandidateLine
    percent: int
    name: str | None
    words: Sequence[str]
    agrees: str
    flag: Flag
    case_url: str
    checks: Sequence[Flag]
    url: str


def percent(probability: float) -> int:
    """As people read it: comparison is never certain, in either direction."""
    return min(99, max(1, round(probability * 100)))


def of_candidate(line: CandidateLine) -> CandidateShown:
    """A candidate: with its reasons in sentences for whoever sees the child, in kinds otherwise."""
    row = line.candidate
    kinds = {
        CandidateStatus.PROPOSED: "calm",
        CandidateStatus.ASKED: "warn",
        CandidateStatus.VERIFIED: "ok",
        CandidateStatus.DISMISSED: "calm",
    }
    status = CandidateStatus(row.status)
    flag: Any = Flag(str(status.label), kinds[status])  # type: ignore[arg-type]
    if hasattr(row, "reunion"):
        flag = Flag(str(TraceStatus.REUNIFIED.label), "ok")
    words = sentences(line.reasons or (), most=20)
    agrees = ", ".join(str(AGREEING[kind]) for kind in row.agrees if kind in AGREEING)
    url = reverse("tracing:candidate", args=[row.pk])
    case_url = reverse("cases:case", args=[row.case_id]) if line.case else ""
    return CandidateShown(
        line,
        percent(row.probability),
        line.name,
        words,
        agrees,
        flag,
        case_url,
        [_checked(side, line) for side in Side],
        url,
    )


def _checked(side: Side, line: CandidateLine) -> Flag:
    check = line.checked.get(side)
    if check is None:
        return Flag(_("%(side)s: not checked") % {"side": capfirst(str(side.label))}, "calm")
    kind: Any = {Outcome.CONFIRMED: "ok", Outcome.UNSURE: "warn", Outcome.REFUTED: "alert"}
    text = _("%(side)s: %(outcome)s, %(wish)s") % {
        "side": capfirst(str(side.label)),
        "outcome": check.outcome.label,
        "wish": check.wish.label,
    }
    good = check.wish in (Wish.YES, Wish.LATER) or check.outcome != Outcome.CONFIRMED
    return Flag(text, kind[check.outcome] if good else "warn")


@dataclass(frozen=True)
class TraceShown:
    line: TraceLine
    name: str
    relation: str
    flag: Flag
    closed: str
    facts: Sequence[Fact]
    candidates: Sequence[CandidateShown]
    live: bool
    looked: str


def of_trace(line: TraceLine) -> TraceShown:
    """One person sought, with everybody who may be meant."""
    trace = line.trace
    status = TraceStatus(trace.status)
    return TraceShown(
        line,
        shown_names([trace.person])[trace.person_id],
        capfirst(str(RelationKind(trace.relation).label)),
        Flag(str(status.label), KIND[status]),
        str(Closed(trace.closed_why).label) if trace.closed_why else "",
        side("", line.sought)["facts"],
        [of_candidate(each) for each in line.candidates],
        status not in (TraceStatus.CLOSED, TraceStatus.REUNIFIED),
        moments.short(trace.looked_at) if trace.looked_at else "",
    )


def side(title: str, known: Dossier) -> dict[str, Any]:
    """One side of a comparison: all names, and the facts that were compared."""
    person = known.person
    born = ""
    if person.born_from and person.born_to:
        years = sorted({person.born_from.year, person.born_to.year})
        born = "–".join(map(str, years))
    languages = ", ".join(codes.title("languages", each) for each in person.languages)
    country = codes.title("citizenships", person.citizenship) if person.citizenship else ""
    relations = "; ".join(
        f"{capfirst(str(RelationKind(each.relation.kind).label))}: {each.other_name}"
        for each in known.relations
        if each.forward
    )
    told = " · ".join(line.detail for line in known.stated("other") if line.detail)
    sex = Sex(person.sex)
    unsaid = sex in (Sex.NOT_ASKED, Sex.UNKNOWN)
    facts = [
        _fact(_("Names"), " · ".join(dict.fromkeys(line.full for line in known.names))),
        _fact(_("Sex"), "" if unsaid else str(sex.label)),
        _fact(_("Born"), born),
        _fact(_("Country of origin"), country),
        _fact(_("Languages"), languages),
        _fact(_("Family"), relations),
        _fact(_("Also said"), told),
    ]
    return {"title": title, "facts": facts}


def _fact(label: str, value: str) -> Fact:
    return Fact(label, value or _("not known"), empty=not value)


def checks(found: Candidate, sides: Sides) -> list[dict[str, Any]]:
    """Checks in words; each note for whoever sees the side it was made on."""
    rows = queries.check_lines(found)
    names = names_of([check.checked_by_id for check, _note in rows])
    seen = {Side.SEEKER: sides.request, Side.SOUGHT: sides.case}
    return [
        {
            "side": capfirst(str(Side(check.side).label)),
            "outcome": Outcome(check.outcome).label,
            "wish": Wish(check.wish).label,
            "method": check.get_method_display(),
            "when": moments.short(check.checked_at),
            "who": names.get(check.checked_by_id, ""),
            "note": note if seen[Side(check.side)].shows(Level.IDENTITY) else "",
        }
        for check, note in rows
    ]


def visits(found: Candidate) -> list[dict[str, Any]]:
    """Visits after reunification: planned and past."""
    rows: list[FollowUp] = queries.visits(found)
    return [
        {
            "due": date_format(row.due_on, "DATE_FORMAT"),
            "outcome": capfirst(str(FollowUpOutcome(row.outcome).label)) if row.outcome else "",
            "url": "" if row.done_at else reverse("tracing:follow_up", args=[row.pk]),
        }
        for row in rows
    ]
