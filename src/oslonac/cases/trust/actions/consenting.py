"""Consent and assent: recorded with who said what in which language, withdrawn in one step."""

from datetime import datetime

from django.utils.translation import gettext as _

from oslonac.access import actions as grants
from oslonac.access.actor import Actor
from oslonac.access.models import Grant
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.audit.actions import action
from oslonac.cases.actions.base import not_future, record_event, require_case, require_whereabouts
from oslonac.cases.models import Case, Consent
from oslonac.cases.trust import consents
from oslonac.cases.trust import rules as trust_rules
from oslonac.cases.trust.rules import Capacity, ChildAnswer, ConsentStatus
from oslonac.directory import codes
from oslonac.directory.models import Organisation
from oslonac.kit import statuses
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Invalid
from oslonac.kit.revisions import swap
from oslonac.notices.actions import Holders, Recipient, notify
from oslonac.people.actions import clean_line, clean_text
from oslonac.vault.sealing import seal

WITHDRAWN = "consent.withdrawn"


@action("consent.recorded", Permission.CASE_WORK)
def record_consent(
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    purpose: str,
    receiver: Organisation,
    level: int,
    child_answer: str,
    language: str,
    given_at: datetime,
    adult: str = "",
    adult_name: str = "",
    agreed: bool = True,
    exception: str = "",
    interpreter: str = "",
    scope: str = "",
    whereabouts: bool = False,
    until: datetime | None = None,
) -> Consent:
    """What the child said, and who answers for it, about showing the case to one receiver.

    `adult`: in what capacity the grown-up spoke (a Capacity), `exception`: why their part is done
    without. `agreed` False records a refusal, which is kept and never counted as consent.
    """
    require_case(actor, case, at=at)
    if whereabouts:
        require_whereabouts(actor, case, at=at)
    when = _given(given_at, until, at)
    band = consents.band_of(case, at=when)
    said, capacity, without = _answers(band, child_answer, adult, exception, agreed=agreed)
    consent = Consent(
        case=case,
        key=case.key,
        purpose=codes.check_one("consent_purposes", purpose, field="purpose"),
        receiver=receiver,
        level=chosen_level(level),
        whereabouts=whereabouts,
        status=ConsentStatus.GIVEN if agreed else ConsentStatus.REFUSED,
        child_answer=said,
        adult=capacity,
        band=band.code,
        language=codes.check_one("languages", language, field="language"),
        given_at=when,
        until=until,
        recorded_by_id=actor.user_id,
    )
    seal(
        consent,
        case.key,
        scope=clean_text(scope, "scope"),
        adult_name=clean_line(adult_name, "adult_name"),
        exception=without,
        interpreter=clean_line(interpreter, "interpreter"),
    )
    consent.save(force_insert=True)
    _note(actor, at, consent)
    return consent


def _answers(
    band: trust_rules.Band, child_answer: str, adult: str, exception: str, *, agreed: bool
) -> tuple[ChildAnswer, str, str]:
    """What the child said, in what capacity the adult spoke, and why their part is done without."""
    said = chosen(ChildAnswer, child_answer, "child_answer")
    capacity = chosen(Capacity, adult, "adult") if adult else ""
    without = clean_text(exception, "exception")
    if agreed:
        trust_rules.check_given(band, child=said, adult=capacity, exception=without)
    return said, capacity, without


def _given(given_at: datetime, until: datetime | None, at: datetime) -> datetime:
    """When it was given; Invalid when it ends before it begins or is in the future."""
    when = not_future(given_at, at, "given_at")
    if until is not None and until <= max(when, at):
        raise Invalid({"until": _("The end is before the start.")})
    return when


def _note(actor: Actor, at: datetime, consent: Consent) -> None:
    record_event(
        "consent.recorded",
        actor=actor,
        at=at,
        case=consent.case,
        subject=consent,
        fields=["scope", "adult_name", "exception", "interpreter"],
        data={
            "consent": consent,
            "status": consent.status,
            "purpose": consent.purpose,
            "receiver": consent.receiver,
            "happened_at": consent.given_at,
            "band": consent.band,
        },
    )


def chosen_level(level: int) -> Level:
    """A level that may be shown at all. Raises Invalid."""
    try:
        return Level(level)
    except ValueError:
        raise Invalid({"level": _("Choose one.")}) from None


@action("consent.withdrawn", Permission.CASE_WORK)
def withdraw_consent(
    *,
    actor: Actor,
    at: datetime,
    consent: Consent,
    revision: int,
    by: str = Capacity.CHILD,
) -> Consent:
    """Take a consent back: nobody is asked why, and every sight that rests on it ends with it."""
    case = consent.case
    require_case(actor, case, at=at, open_only=False)
    statuses.step(
        trust_rules.NEXT,
        consent.status,
        ConsentStatus.WITHDRAWN,
        "consent.not_running",
        _("This consent was already withdrawn or refused."),
    )
    swap(
        consent,
        revision,
        status=ConsentStatus.WITHDRAWN,
        withdrawn_at=at,
        withdrawn_by=chosen(Capacity, by, "by"),
        withdrawal_recorded_by_id=actor.user_id,
    )
    ended = grants.end_resting_on(actor=actor, at=at, consent_id=consent.pk)
    record_event(
        "consent.withdrawn",
        actor=actor,
        at=at,
        case=case,
        subject=consent,
        fields=["status"],
        data={"consent": consent, "by": by, "grants": [str(row.pk) for row in ended]},
    )
    told = [*_holders(ended), *([case.manager_id] if case.manager_id else [])]
    notify(told, WITHDRAWN, at=at, record=case, by=actor.user_id, key=f"{WITHDRAWN}:{consent.pk}")
    return consent


def _holders(rows: list[Grant]) -> list[Recipient]:
    """Whoever saw by these grants: people, and whoever holds the post now."""
    told: list[Recipient] = [row.grantee_id for row in rows if row.grantee_id is not None]
    return told + [
        Holders(row.organisation_id, (row.role,)) for row in rows if row.organisation_id is not None
    ]
