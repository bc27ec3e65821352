"""Encounter and triage: who is present, is the child safe now, what is needed, what follows."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from oslonac.access import policy
from oslonac.access.actions import grant_role, grant_user
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission, Role
from oslonac.access.rules import Level, Reason, RecordKind
from oslonac.audit.actions import action, record
from oslonac.cases import rules, suspicions
from oslonac.cases.actions.base import not_future
from oslonac.cases.models import Encounter
from oslonac.directory import codes, kinds
from oslonac.directory.models import Organisation, Place
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Invalid
from oslonac.kit.revisions import swap, unchanged
from oslonac.people.actions import appear, clean_line, clean_text
from oslonac.people.merging import landing
from oslonac.people.models import Person
from oslonac.people.rules import Presence
from oslonac.vault.models import DataKey
from oslonac.vault.sealing import seal, sealed

FIRST_CONTACT_DAYS = 7
OFFICE_ROLES = (Role.ADMISSION, Role.FIELD_WORKER, Role.SUPERVISOR, Role.HEAD)


@action("encounter.recorded", Permission.ENCOUNTER_RECORD)
def record_encounter(
    *,
    actor: Actor,
    at: datetime,
    happened_at: datetime,
    responsible: Organisation,
    reported_by: str,
    place: Place | None = None,
    location: str = "",
    reporter: str = "",
    present: Sequence[str] = (),
    presence_verified: bool | None = None,
    safety: str = rules.Safety.UNKNOWN,
    needs: Sequence[str] = (),
    suspicions: Sequence[str] = (),
    language: str = "",
    interpreter: str = "",
    children: int = 1,
    narrative: str = "",
) -> Encounter:
    """Record that somebody was met. No case and no name is needed.

    `responsible` is the competent centre of the place. Times are aware datetimes;
    obligations later count from `happened_at`, not from the moment of recording.
    """
    happened_at = not_future(happened_at, at, "happened_at")
    _check_first_report(responsible, children)
    post = actor.post_for(Permission.ENCOUNTER_RECORD)
    key = DataKey.make()
    key.save(force_insert=True)
    encounter = Encounter(
        key=key,
        happened_at=happened_at,
        recorded_at=at,
        recorded_by_id=actor.user_id,
        organisation_id=post.organisation_id if post else None,
        responsible=responsible,
        place=place,
        reported_by=codes.check_one("referral_sources", reported_by, field="reported_by"),
        present=_presence(present),
        presence_verified=presence_verified,
        safety=chosen(rules.Safety, safety, "safety"),
        needs=codes.check("urgent_needs", needs, field="needs"),
        suspicions=codes.check("concerns", suspicions, field="suspicions"),
        language=codes.check_one("languages", language, field="language", required=False),
        children=children,
    )
    seal(
        encounter,
        key,
        location=clean_line(location, "location"),
        reporter=clean_line(reporter, "reporter"),
        interpreter=clean_line(interpreter, "interpreter"),
        narrative=clean_text(narrative, "narrative"),
    )
    encounter.save(force_insert=True)
    _grant_first_contact(actor, at, encounter)
    _record_met(actor, at, encounter)
    return encounter


def _record_met(actor: Actor, at: datetime, encounter: Encounter) -> None:
    record(
        "encounter.recorded",
        actor=actor,
        at=at,
        subject=encounter,
        fields=["location", "narrative", "reporter"],
        data={
            "happened_at": encounter.happened_at,
            "safety": encounter.safety,
            "present": list(encounter.present),
            "responsible": encounter.responsible,
        },
    )


def _check_first_report(responsible: Organisation, children: int) -> None:
    if responsible.kind not in kinds.competent():
        raise Invalid({"responsible": _("Choose the centre responsible here.")})
    if not 1 <= children <= 200:
        raise Invalid({"children": _("Enter a number from 1 to 200.")})


def _presence(present: Sequence[str]) -> list[str]:
    return [chosen(Presence, each, "present").value for each in dict.fromkeys(present)]


def _grant_first_contact(actor: Actor, at: datetime, encounter: Encounter) -> None:
    """Whoever met the child sees the encounter for a week; the responsible office from now on."""
    if actor.user_id is not None:
        grant_user(
            actor=actor,
            at=at,
            kind=RecordKind.ENCOUNTER,
            record_id=encounter.pk,
            user_id=actor.user_id,
            level=Level.IDENTITY,
            whereabouts=True,
            reason=Reason.FIRST_CONTACT,
            until=at + timedelta(days=FIRST_CONTACT_DAYS),
        )
    for role in OFFICE_ROLES:
        grant_role(
            actor=actor,
            at=at,
            kind=RecordKind.ENCOUNTER,
            record_id=encounter.pk,
            organisation_id=encounter.responsible_id,
            role=role,
            level=Level.IDENTITY,
            whereabouts=True,
            reason=Reason.TEAM,
        )


@action("encounter.person", Permission.PERSON_WRITE)
def attach_person(
    *, actor: Actor, at: datetime, encounter: Encounter, revision: int, person: Person
) -> Encounter:
    """Say which person of the register the child met is; of records joined as one, the survivor."""
    _require(actor, encounter, at)
    person = landing(actor, person, at=at, record_id=encounter.pk)
    swap(encounter, revision, person=person)
    appear(person, kind=RecordKind.ENCOUNTER, record_id=encounter.pk, is_subject=True)
    record("encounter.person", actor=actor, at=at, subject=encounter, data={"person": person})
    return encounter


@action("triage.decided", Permission.ENCOUNTER_DECIDE)
def decide_triage(
    *,
    actor: Actor,
    at: datetime,
    encounter: Encounter,
    revision: int,
    outcome: str,
    reasons: Sequence[str] = (),
    note: str = "",
    suspicion_decision: str = "",
    reporter_told: bool = False,
) -> Encounter:
    """End a triage: "not endangered, stop" with reasons, or at risk (open a case next).

    A suspicion noted in the encounter cannot end here without a recorded decision.
    """
    _require(actor, encounter, at)
    # Before the rules: whoever read another state is shown what changed, not a rule broken by it.
    unchanged(encounter, revision)
    then = chosen(rules.EncounterOutcome, outcome, "outcome")
    rules.check_step(encounter.outcome, then, rules.EncounterOutcome)
    listed = codes.check("not_endangered_reasons", reasons, field="reasons")
    if then == rules.EncounterOutcome.NOT_ENDANGERED:
        rules.check_not_endangered(
            reasons=listed,
            suspicions=encounter.suspicions,
            suspicion_decision=suspicion_decision,
            safety=encounter.safety,
            untold=suspicions.trafficking_among(encounter.suspicions),
        )
    swap(
        encounter,
        revision,
        outcome=then,
        outcome_reasons=listed,
        decided_by_id=actor.user_id,
        decided_at=at,
        reporter_told_at=at if reporter_told else encounter.reporter_told_at,
        **sealed(
            encounter,
            outcome_note=clean_text(note, "note"),
            suspicion_decision=clean_text(suspicion_decision, "suspicion_decision"),
        ),
    )
    record(
        "triage.decided",
        actor=actor,
        at=at,
        subject=encounter,
        fields=["outcome", "outcome_note", "suspicion_decision"],
        data={"outcome": then, "reasons": listed, "suspicion_decided": bool(suspicion_decision)},
    )
    return encounter


@action("encounter.corrected", Permission.ENCOUNTER_RECORD)
def correct_triage(
    *,
    actor: Actor,
    at: datetime,
    encounter: Encounter,
    revision: int,
    present: Sequence[str],
    presence_verified: bool | None,
    safety: str,
    needs: Sequence[str],
    narrative: str,
) -> Encounter:
    """Write down what turned out on the spot: father and uncle were around the corner."""
    _require(actor, encounter, at)
    swap(
        encounter,
        revision,
        present=_presence(present),
        presence_verified=presence_verified,
        safety=chosen(rules.Safety, safety, "safety"),
        needs=codes.check("urgent_needs", needs, field="needs"),
        **sealed(encounter, narrative=clean_text(narrative, "narrative")),
    )
    record(
        "encounter.corrected",
        actor=actor,
        at=at,
        subject=encounter,
        fields=["present", "safety", "needs", "narrative"],
        data={"safety": encounter.safety, "present": list(encounter.present)},
    )
    return encounter


@action("reporter.told", Permission.ENCOUNTER_RECORD)
def tell_reporter(*, actor: Actor, at: datetime, encounter: Encounter, revision: int) -> Encounter:
    """Note that whoever called was told what came of it."""
    _require(actor, encounter, at)
    swap(encounter, revision, reporter_told_at=at)
    record("reporter.told", actor=actor, at=at, subject=encounter)
    return encounter


def _require(actor: Actor, encounter: Encounter, at: datetime) -> None:
    policy.require_level(actor, RecordKind.ENCOUNTER, encounter.pk, Level.CASE, at=at)
