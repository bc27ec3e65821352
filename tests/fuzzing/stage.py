"""A small world in which every kind of record exists, with readers near, far and shut out.

Belongs here: the world of the fuzzers, the ids in it by the names that addresses give them, signing
in. Does not: values that are sent (`values`) and what must hold (the tests).
"""

import re
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, TestCase

from oslonac.access.roles import Role
from oslonac.access.rules import Level
from oslonac.accounts import actions as accounts
from oslonac.cases import actions
from oslonac.cases.models import Case
from oslonac.directory.models import CodeList, ContactPoint, Organisation
from oslonac.duplicates import finding
from oslonac.kit.clock import local_day, now
from oslonac.links import computing
from oslonac.notices import actions as notices
from oslonac.own_file import actions as own_file
from oslonac.people import actions as people
from oslonac.planning import actions as planning
from oslonac.protocols.models import Obligation
from oslonac.retention import actions as retention
from oslonac.tracing.models import Candidate
from tests import cast
from tests.app import test_tracing as tracing
from tests.app.test_case_page import rich, see
from tests.cast import Member
from tests.forms import fill

# Parameters of addresses by the model whose rows they name.
PARAMETERS = {
    "absence_id": "notices.Absence",
    "activity_id": "cases.Activity",
    "appointment_id": "guardianship.Appointment",
    "assessment_id": "cases.Assessment",
    "block_id": "access.Block",
    "candidate_id": "tracing.Candidate",
    "case_id": "cases.Case",
    "concern_id": "cases.Concern",
    "consent_id": "cases.Consent",
    "contact_id": "directory.ContactPoint",
    "decision_id": "cases.Decision",
    "disposal_id": "retention.Disposal",
    "document_id": "documents.Document",
    "emergency_id": "cases.Emergency",
    "encounter_id": "cases.Encounter",
    "follow_up_id": "tracing.FollowUp",
    "goal_id": "cases.Goal",
    "grant_id": "access.Grant",
    "group_id": "people.TravelGroup",
    "hold_id": "retention.Hold",
    "member_id": "people.GroupMember",
    "membership_id": "accounts.Membership",
    "mute_id": "protocols.Mute",
    "obligation_id": "protocols.Obligation",
    "organisation_id": "directory.Organisation",
    "pair_id": "duplicates.Pair",
    "person_id": "people.Person",
    "placement_id": "placements.Placement",
    "plan_id": "cases.Plan",
    "promise_id": "cases.Promise",
    "relation_id": "people.Relation",
    "request_id": "tracing.TracingRequest",
    "signal_id": "signals.Signal",
    "token_id": "accounts.ApiToken",
    "trace_id": "tracing.Trace",
    "transfer_id": "cases.Transfer",
    "unusual_id": "audit.Unusual",
    "user_id": "accounts.User",
}

# How the rows of a parameter lead to their case.
OF_A_CASE = {
    "activity_id": "goal__plan__case_id",
    "goal_id": "plan__case_id",
    "grant_id": "record_id",
    "block_id": "record_id",
} | {
    f"{name}_id": "case_id"
    for name in (
        "appointment",
        "assessment",
        "concern",
        "consent",
        "decision",
        "document",
        "emergency",
        "hold",
        "obligation",
        "placement",
        "plan",
        "promise",
        "transfer",
    )
}


@dataclass
class Stage:
    """Who is there, and one child each: worked on, of another town, closed, destroyed."""

    readers: dict[str, Member]
    own: Case
    foreign: Case
    closed: Case
    erased: Case

    def ids(self) -> dict[str, list[str]]:
        """Ids of all rows by the name of the parameter; own, foreign and destroyed ones."""
        found = {}
        for name, label in PARAMETERS.items():
            rows = apps.get_model(label)._default_manager.order_by("pk")
            found[name] = [str(pk) for pk in rows.values_list("pk", flat=True)[:40]]
        found["request_id"] += [
            str(pk)
            for pk in apps.get_model("cases.OwnRequest").objects.values_list("pk", flat=True)
        ]
        names = CodeList.objects.order_by("name").values_list("name", flat=True).distinct()
        found["name"] = list(names)
        return found

    def of_cases(self) -> dict[str, dict[str, list[str]]]:
        """Ids of what belongs to a case, by case and name of the parameter."""
        found: dict[str, dict[str, list[str]]] = {}
        for name, path in OF_A_CASE.items():
            rows = apps.get_model(PARAMETERS[name])._default_manager.order_by("pk")
            for pk, case_id in rows.values_list("pk", path):
                found.setdefault(str(case_id), {}).setdefault(name, []).append(str(pk))
        return found


def build() -> Stage:
    """The world, made by the real actions. Call as the system, with step-up off."""
    readers = {
        "manager": cast.ana(),
        "field worker": cast.teodora(),
        "supervisor": cast.dragan(),
        "head": cast.member("Milena Arsić", Role.HEAD),
        "lawyer": cast.member("Vera Popović", Role.LAWYER),
        "elsewhere": cast.jelena(),
        "ngo": cast.member("Sanja Vuk", Role.NGO_WORKER, "csw-subotica"),
        "administrator": cast.member("Marko Đurić", Role.ADMINISTRATOR),
        "auditor": cast.member("Petra Nikolić", Role.AUDITOR, "csw-subotica"),
        "editor": cast.member("Lidija Simić", Role.EDITOR),
        "analyst": cast.member("Stanka Perić", Role.ANALYST),
    }
    ana, dragan = readers["manager"], readers["supervisor"]
    own = rich(ana)
    readers["guardian"] = _guardian(own)
    nis = Organisation.objects.get(code="csw-nis")
    foreign = cast.case(
        cast.member("Nikola Simić", Role.FIELD_WORKER, "csw-nis"),
        at=now() - timedelta(days=2),
        organisation=nis,
        encounter={"responsible": nis},
    )
    closed = cast.case(readers["field worker"], ana, at=now() - timedelta(days=9))
    gone = cast.case(readers["field worker"], ana, at=now() - timedelta(days=8))
    see(dragan, own, readers["ngo"], Level.CASE)
    _facts(ana, own)
    _trust(readers, own, foreign)
    _traced(readers, own)
    _kept(readers, own, closed, gone)
    for member in (ana, readers["administrator"]):
        accounts.make_token(actor=member.actor(), at=now(), user=member.user, label="Izveštaj")
    _noticed(ana, own)
    ContactPoint.objects.get_or_create(
        organisation=ana.organisation, defaults={"kind": "phone", "value": "+381 17 000 000"}
    )
    return Stage(readers, own, foreign, closed, gone)


def _guardian(case: Case) -> Member:
    appointment = case.appointments.select_related("guardian").get()
    return Member(appointment.guardian, case.organisation, Role.GUARDIAN)


def _facts(ana: Member, case: Case) -> None:
    for attribute, more in (
        ("document", {"code": "passport", "detail": "P7345 118"}),
        ("phone", {"detail": "+93 70 555 0199"}),
        ("address", {"detail": "Kandahar, ulica 12"}),
        ("sex", {"code": "male"}),
    ):
        people.state(
            actor=ana.actor(),
            at=now(),
            person=case.person,
            attribute=attribute,
            case_id=case.pk,
            **more,
        )


def _trust(readers: dict[str, Member], own: Case, foreign: Case) -> None:
    ana, dragan = readers["manager"], readers["supervisor"]
    at = now()
    actions.keep_away(
        actor=dragan.actor(),
        at=at,
        case=own,
        scope="all",
        reason="suspected",
        why="Preti detetu.",
        user=cast.member("Goran Tomić", Role.POLICE).user,
    )
    actions.record_consent(
        actor=ana.actor(),
        at=at,
        case=own,
        purpose="service",
        receiver=readers["ngo"].organisation,
        level=int(Level.CASE),
        child_answer="yes",
        language="ps",
        given_at=at - timedelta(hours=1),
        adult="guardian",
        adult_name="Milan P.",
    )
    for kind in ("copy", "correction", "objection"):
        own_file.ask_own(
            actor=ana.actor(),
            at=at,
            case=own,
            kind=kind,
            asked_by="child",
            language="ps",
            asked_at=at - timedelta(hours=2),
            text="Ime oca nije tako.",
        )
    actions.break_glass(
        actor=readers["head"].actor(),
        at=at,
        number=foreign.number,
        reason="Dete je nestalo iz centra, policija zove.",
        whereabouts=True,
    )
    case = Case.objects.get(pk=own.pk)
    planning.raise_concern(actor=ana.actor(), at=at, case=case, kind="missing", detail="Modrica.")
    other = cast.case(readers["field worker"], ana, at=at - timedelta(hours=30))
    actions.request_closing(
        actor=ana.actor(),
        at=at,
        case=other,
        revision=other.revision,
        code="turned_18",
        reason="Otišao je.",
    )
    moving = cast.case(readers["field worker"], ana, at=at - timedelta(hours=31))
    actions.propose_transfer(
        actor=ana.actor(),
        at=at,
        case=moving,
        receiver=Organisation.objects.get(code="csw-nis"),
        reason="placed_elsewhere",
        note="Smešten u Nišu.",
    )


def _traced(readers: dict[str, Member], own: Case) -> None:
    ana = readers["manager"]
    request = tracing.asked(readers["ngo"])
    candidate = Candidate.objects.get(trace__request=request, case=own)
    tracing.actions.ask_about(
        actor=readers["ngo"].actor(), at=now(), candidate=candidate, revision=candidate.revision
    )
    tracing.check(ana, candidate, "sought")
    candidate = tracing.check(readers["ngo"], candidate, "seeker")
    actions.decide_best_interest(
        actor=ana.actor(), at=now(), case=own, code="reunification", reason="Sa ocem."
    )
    tracing.actions.reunify(
        actor=ana.actor(),
        at=now(),
        candidate=candidate,
        revision=candidate.revision,
        happened_at=now(),
        first_follow_up=local_day(now() + timedelta(days=30)),
        note="S ocem.",
        child_view="Raduje se.",
    )
    tracing.asked(readers["elsewhere"])


def _kept(readers: dict[str, Member], own: Case, closed: Case, gone: Case) -> None:
    client = readers["manager"].client()
    added = fill(
        client,
        f"/cases/{own.pk}/do/document-add/",
        kind="finding_opinion",
        title="Lekarski nalaz",
        file=SimpleUploadedFile("nalaz.txt", b"Temperatura 39."),
    )
    assert added.status_code == 302
    retention.give_hold(
        actor=readers["lawyer"].actor(), at=now(), case=own, reason="audit", text="Inspekcija."
    )
    for case in (closed, gone):
        Case.objects.filter(pk=case.pk).update(
            status="closed", closing_reason="no_further_need", closed_at=now() - timedelta(days=1)
        )
        case.refresh_from_db()
    rows = [
        retention.propose(
            actor=readers["lawyer"].actor(),
            at=now(),
            case=case,
            ground="request",
            reference="12/26",
        )
        for case in (closed, gone)
    ]
    with TestCase.captureOnCommitCallbacks(execute=True):
        retention.answer(
            actor=readers["head"].actor(),
            at=now(),
            disposal=rows[1],
            revision=rows[1].revision,
            approved=True,
        )


def _noticed(ana: Member, own: Case) -> None:
    """What the worker would have noticed by now, and what people said about notices."""
    at, actor = now(), ana.actor()
    for case in Case.objects.filter(status="open", organisation=own.organisation, manager=ana.user):
        people.state(
            actor=actor,
            at=at,
            person=case.person,
            attribute="phone",
            case_id=case.pk,
            detail="+381 64 555 0173",
        )
    finding.catch_up(at=now())
    computing.compute(at=now())
    day = cast.today(at) + timedelta(days=3)
    notices.record_absence(actor=actor, at=at, user_id=ana.user.pk, starts_on=day, ends_on=day)
    duty = Obligation.objects.filter(case_id=own.pk, state="open", principal=ana.user.pk).first()
    assert duty is not None
    actions.mute_reminders(
        actor=actor, at=at, case=own, obligation=duty, until=day, reason="agreed"
    )


def signed_in(member: Member, *, fresh: bool = True) -> Client:
    """A client whose session proved its second factor just now, or an hour ago."""
    client = member.client()
    prove(client, fresh=fresh)
    client.raise_request_exception = False
    return client


def prove(client: Client, *, fresh: bool = True) -> None:
    """As if the second factor had been given now, or an hour ago."""
    session = client.session
    at = time.time() - (0 if fresh else 3600)
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": at}]
    session.save()


def codes() -> dict[str, list[str]]:
    """Codes that a field may take, by the name of the field, as the actions check them."""
    source = Path(actions.__file__).parents[2]
    lists: dict[str, set[str]] = {}
    for path in source.rglob("*.py"):
        for listed, name in _CHECKED.findall(path.read_text("utf-8")):
            lists.setdefault(name, set()).add(listed)
    rows = CodeList.objects.filter(active=True).order_by("name", "code")
    found = list(rows.values_list("name", "code"))
    return {
        name: [code for listed, code in found if listed in wanted] for name, wanted in lists.items()
    }


_CHECKED = re.compile(r'codes\.check(?:_one)?\(\s*"(\w+)",[^)]*?field="(\w+)"')
