"""The sheet a person is given, in their language: plain sections that page and paper lay out alike.

Staff are named by function and organisation; by name only the case manager and the guardian, whom
the person knows. Where the child lives is never on it, nor who is kept away, nor that an
authority inquires. `discreet` leaves out every name of an organisation: some papers are found.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from babel import Locale
from babel.dates import format_date
from django.utils import translation

from oslonac.access import policy
from oslonac.access.models import Grant
from oslonac.access.roles import Role, archetype_of
from oslonac.access.rules import Basis, Reason, Scope
from oslonac.accounts.models import Membership
from oslonac.accounts.queries import names_of
from oslonac.cases import queries
from oslonac.cases.models import Activity, Case, OwnRequest
from oslonac.cases.trust import blocks, consents, houses
from oslonac.directory import codes
from oslonac.directory.models import Organisation
from oslonac.kit.clock import local_day
from oslonac.kit.translations import code_of
from oslonac.own_file import looks
from oslonac.own_file.texts import Texts
from oslonac.people.models import Relation, Statement
from oslonac.people.queries import dossier
from oslonac.people.rules import Attribute, age_interval
from oslonac.vault.sealing import open_many


@dataclass(frozen=True)
class Part:
    """A section: a paragraph, a table, a list of points; whatever of it is filled."""

    title: str
    text: str = ""
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = ()
    points: Sequence[str] = ()
    note: str = ""

    @property
    def labelled(self) -> list[list[tuple[str, str]]]:
        """The rows with the title of its column beside each cell, for narrow screens."""
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


@dataclass(frozen=True)
class Sheet:
    """The whole paper. `facts` are label and value."""

    tag: str
    direction: str
    checked: bool
    title: str
    intro: str
    facts: Sequence[tuple[str, str]]
    parts: Sequence[Part]
    notes: Sequence[str] = field(default_factory=tuple)
    printed: str = ""
    page: str = ""

    def data(self) -> dict[str, Any]:
        """As the layout `own_file` takes it."""
        return {
            "lang": self.tag.split("-")[0],
            "dir": self.direction,
            "title": self.title,
            "intro": self.intro,
            "facts": [list(pair) for pair in self.facts],
            "parts": [
                {
                    "title": part.title,
                    "text": part.text,
                    "columns": list(part.columns),
                    "rows": [list(row) for row in part.rows],
                    "points": list(part.points),
                    "note": part.note,
                }
                for part in self.parts
            ],
            "notes": list(self.notes),
            "printed": self.printed,
            "page": self.page,
        }


def compose(case: Case, say: Texts, *, at: datetime, discreet: bool = False) -> Sheet:
    """Everything for the person, for a reader of level IDENTITY who records the read."""
    with translation.override(code_of(say.tag)):
        offices = _Offices(discreet, dict.fromkeys(houses.of_case(case), say("house")))
        parts = [
            _held(case, say, at),
            Part(say("why_title"), text=say("why_text")),
            _sight(case, say, offices, at),
            _looked(case, say, offices, at),
            _agreed(case, say, offices, at),
            _promised(case, say),
            _asked(case, say),
            Part(
                say("rights_title"),
                points=[say(f"right_{key}") for key in ("copy", "correct", "object", "limit")],
                note=say("right_how"),
            ),
        ]
        notes = [say("not_here")] + ([] if say.checked else [say("unchecked")])
        return Sheet(
            tag=say.tag,
            direction=say.direction,
            checked=say.checked,
            title=say("title"),
            intro=say("intro"),
            facts=_facts(case, say, offices, at),
            parts=[part for part in parts if part is not None],
            notes=notes,
            printed=say("printed", day=day_of(at, say)),
            page=say("page"),
        )


class _Offices:
    """Names of organisations by id; none when the paper is to be discreet. `known`: what to say
    instead of the houses where the child lives or lived."""

    def __init__(self, discreet: bool, known: dict[UUID, str]) -> None:
        self.discreet = discreet
        self._known = known

    def name(self, office: UUID | None) -> str:
        if office is None or self.discreet:
            return ""
        if office not in self._known:
            found = Organisation.objects.filter(pk=office).first()
            self._known[office] = str(found or "")
        return self._known[office]

    def with_function(self, function: str, office: UUID | None) -> str:
        return ", ".join(part for part in (function, self.name(office)) if part)


def day_of(moment: datetime | date, say: Texts) -> str:
    """A day as the person's language writes it."""
    day = local_day(moment) if isinstance(moment, datetime) else moment
    return str(format_date(day, format="long", locale=say.tag.replace("-", "_")))


def _locale(say: Texts) -> Locale:
    return Locale.parse(say.tag.replace("-", "_"))


def _language(tag: str, say: Texts) -> str:
    """A language in the person's own; the pack's title where Unicode has none."""
    named = _locale(say).languages.get(tag.replace("-", "_"))
    return str(named or codes.title("languages", tag))


def _country(code: str, say: Texts) -> str:
    return str(_locale(say).territories.get(code) or codes.title("citizenships", code))


def _titled(kind: str, listed: str, code: str, say: Texts) -> str:
    """A code in the person's language; the pack's title where there is no text for it."""
    key = f"{kind}_{code}"
    return say(key) if key in say.texts else codes.title(listed, code)


def _function(role: str, say: Texts) -> str:
    if role in (looks.HOUSE, looks.AUTHORITY, looks.SYSTEM):
        return say(role)
    keys = [f"role_{role}", f"role_{archetype_of(role)}"]
    return next((say(key) for key in keys if key in say.texts), say("role_other"))


def _facts(case: Case, say: Texts, offices: _Offices, at: datetime) -> list[tuple[str, str]]:
    guards = Grant.objects.filter(
        policy.in_force(at), record_id=case.pk, reason=Reason.GUARDIAN, grantee__isnull=False
    )
    guardians = list(guards.values_list("grantee_id", flat=True))
    names = names_of([case.manager_id, *guardians])
    found = [(say("number"), case.number), (say("centre"), offices.name(case.organisation_id))]
    if case.manager_id:
        found.append((say("worker"), names.get(case.manager_id, "")))
    found += [(say("guardian"), names[pk]) for pk in guardians if pk and pk in names]
    return [(label, value) for label, value in found if value]


def _held(case: Case, say: Texts, at: datetime) -> Part:
    found = dossier(case.person, case.reach)
    person = case.person
    age = age_interval(person.born_from, person.born_to, local_day(at))
    names = list(dict.fromkeys(line.full for line in found.names))
    spoken = [_language(tag, say) for tag in person.languages]
    said = Statement.objects.filter(person=person).exclude(
        attribute__in=(Attribute.BIRTH, Attribute.SEX, Attribute.CITIZENSHIP, Attribute.LANGUAGE)
    )
    rows = [
        [say("names"), " · ".join(names)],
        [say("birth"), _born(person, age)],
        [say("languages"), ", ".join(spoken)],
        [say("citizenship"), _country(person.citizenship, say) if person.citizenship else ""],
    ]
    counted = [
        ("statements", said.count()),
        ("relations", Relation.objects.filter(from_person=person).count()),
        ("contacts", case.contacts.count()),
        ("concerns", case.concerns.count()),
        ("assessments", case.assessments.count()),
        ("plans", case.plans.count()),
        ("decisions", case.decisions.count()),
    ]
    rows += [[say(key), say("entries", n=n)] for key, n in counted if n]
    return Part(
        say("held_title"),
        columns=[say("held_what"), say("held_value")],
        rows=[row for row in rows if row[1]],
    )


def _born(person: Any, age: Any) -> str:
    """The years it can be, and the ages: an interval stays an interval."""
    if age is None or person.born_from is None or person.born_to is None:
        return ""
    first, last = person.born_from.year, person.born_to.year
    years = str(first) if first == last else f"{first}\u2013{last}"
    return f"{years} ({age})"


def _sight(case: Case, say: Texts, offices: _Offices, at: datetime) -> Part:
    grants = queries.grants_on(case.pk, at=at)
    kept = blocks.kept(
        blocks.on_record(case.pk, at=at), {g.grantee_id for g in grants if g.grantee_id}, at=at
    )
    there = houses.staff_of(case)
    rows = [
        _line(grant, say, offices, there)
        for grant in grants
        if grant.grantee_id is None or kept.get(grant.grantee_id) != Scope.ALL
    ]
    return Part(
        say("see_title"),
        columns=[say("who"), say("why"), say("until")],
        rows=list(dict.fromkeys(tuple(row) for row in rows)),
    )


def _line(grant: Grant, say: Texts, offices: _Offices, there: Collection[UUID]) -> list[str]:
    """`there`: who works where the child lives or lived; their office is not named."""
    until = day_of(grant.ends_at, say) if grant.ends_at else say("as_long")
    why = say(f"reason_{grant.reason}")
    if grant.basis == Basis.CONSENT:
        why = f"{why} ({say('basis_consent')})"
    if grant.reason == Reason.PLACEMENT:
        return [say("house"), why, until]
    role, office = _post_of(grant)
    if grant.grantee_id in there:
        role, office = role if grant.reason == Reason.GUARDIAN else looks.HOUSE, None
    if role in looks.QUIET:
        return [say("authority"), say("reason_notified"), until]
    return [offices.with_function(_function(role, say), office), why, until]


def _post_of(grant: Grant) -> tuple[str, UUID | None]:
    """The function in which a grant is used: of the post it names, or of the person's own."""
    if grant.grantee_id is None:
        return grant.role, grant.organisation_id
    held = Membership.objects.filter(user_id=grant.grantee_id)
    post = held.order_by("-starts_on", "pk").first()
    if grant.reason == Reason.GUARDIAN:
        return Role.GUARDIAN, post.organisation_id if post else None
    return (post.role, post.organisation_id) if post else ("", None)


def _looked(case: Case, say: Texts, offices: _Offices, at: datetime) -> Part:
    found = looks.of_case(case, at=at)
    return Part(
        say("looked_title"),
        text="" if found else say("looked_none"),
        columns=[say("who"), say("days"), say("last")] if found else (),
        rows=[
            [
                offices.with_function(_function(look.function, say), look.office),
                str(look.days),
                day_of(look.last, say),
            ]
            for look in found
        ],
    )


def _agreed(case: Case, say: Texts, offices: _Offices, at: datetime) -> Part:
    rows = consents.running(case, at=at)
    return Part(
        say("consents_title"),
        text="" if rows else say("consents_none"),
        columns=[say("held_what"), say("who"), say("until")] if rows else (),
        rows=[
            [
                _titled("purpose", "consent_purposes", row.purpose, say),
                offices.name(row.receiver_id),
                day_of(row.until, say) if row.until else say("as_long"),
            ]
            for row in rows
        ],
        note=say("consents_back"),
    )


def _promised(case: Case, say: Texts) -> Part | None:
    """What was promised, and what the plan says, in the words that were written down."""
    promises: list[Any] = list(case.promises.order_by("due_on", "pk"))
    planned: list[Any] = list(
        Activity.objects.filter(goal__plan__case=case).order_by("due_on", "pk")
    )
    if not promises and not planned:
        return None
    keys = {case.key_id: case.key}
    told = open_many(promises, "what", keys=keys) | open_many(planned, "what", keys=keys)
    points = []
    for row in [*promises, *planned]:
        status = {"kept": "kept", "done": "kept", "withdrawn": "withdrawn", "dropped": "withdrawn"}
        word = say(f"promise_{status.get(row.status, 'open')}")
        due = say("due", day=day_of(row.due_on, say), status=word)
        points.append(f"{told[row.pk]['what']} ({due})")
    return Part(say("promises"), points=points)


def _asked(case: Case, say: Texts) -> Part | None:
    rows = list(case.own_requests.order_by("asked_at", "pk"))
    if not rows:
        return None
    return Part(
        say("asked_title"),
        columns=[say("you_asked"), say("when"), say("we_decided")],
        rows=[
            [say(f"ask_{r.kind}"), day_of(r.asked_at, say), say(f"status_{r.status}")] for r in rows
        ],
    )


def answer(request: OwnRequest, say: Texts, *, at: datetime) -> Sheet:
    """The answer to one request, for the person; for a reader who records the read."""
    case = request.case
    with translation.override(code_of(say.tag)):
        told = open_many([request], "text", "answer", keys={case.key_id: case.key})[request.pk]
        parts = [
            Part(say("you_asked"), text=told["text"] or say(f"ask_{request.kind}")),
            Part(say("we_decided"), text=say(f"status_{request.status}")),
            Part(say("reasons"), text=told["answer"]),
        ]
        if request.statement_id:
            parts.append(Part(say("corrected"), text=_corrected(request)))
        decider = names_of([request.decided_by_id]).get(request.decided_by_id, "")  # type: ignore[arg-type]
        decided = day_of(request.decided_at, say) if request.decided_at else ""
        return Sheet(
            tag=say.tag,
            direction=say.direction,
            checked=say.checked,
            title=say("answer_title"),
            intro=f"{say('ask_' + request.kind)}, {day_of(request.asked_at, say)}",
            facts=[
                (say("number"), case.number),
                (say("decided_by"), ", ".join(part for part in (decider, decided) if part)),
            ],
            parts=parts,
            notes=[say("not_agree"), *([] if say.checked else [say("unchecked")])],
            printed=say("printed", day=day_of(at, say)),
            page=say("page"),
        )


def _corrected(request: OwnRequest) -> str:
    if request.statement_id is None:
        return ""
    statement = Statement.objects.filter(pk=request.statement_id).first()
    return "" if statement is None else open_many([statement], "detail")[statement.pk]["detail"]
