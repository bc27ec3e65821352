"""Contacts with the child and reviews of the plan."""

from collections.abc import Sequence
from datetime import datetime

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.audit.actions import action
from oslonac.cases import rules
from oslonac.cases.actions.base import not_future, record_event, require_case, require_centre
from oslonac.cases.models import Case, Contact, Review
from oslonac.directory import codes
from oslonac.kit.choices import chosen
from oslonac.people.actions import clean_line, clean_text
from oslonac.vault.sealing import keyed, seal

_IN_PERSON = (rules.ContactKind.FIRST, rules.ContactKind.VISIT, rules.ContactKind.OFFICE)


@action("contact.made", Permission.CASE_WORK)
def record_contact(
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    kind: str,
    happened_at: datetime,
    alone_with_child: str,
    at_residence: bool = False,
    language: str = "",
    interpreter: str = "",
    told_story: bool = False,
    information_given: Sequence[str] = (),
    narrative: str = "",
) -> Contact:
    """A conversation, call or visit: alone with the child or not, with which interpreter.

    `told_story`: the child told its story again, which the continuity panel counts.
    """
    require_case(actor, case, at=at)
    happened = not_future(happened_at, at, "happened_at")
    who = clean_line(interpreter, "interpreter")
    contact = Contact(
        case=case,
        key=case.key,
        kind=chosen(rules.ContactKind, kind, "kind"),
        happened_at=happened,
        by_id=actor.user_id,
        alone_with_child=chosen(rules.AloneWithChild, alone_with_child, "alone_with_child"),
        at_residence=at_residence,
        language=codes.check_one("languages", language, field="language", required=False),
        interpreter_key=keyed("index", f"interpreter:{who}") if who else None,
        told_story=told_story,
        information_given=list(information_given),
    )
    seal(contact, case.key, interpreter=who, narrative=clean_text(narrative, "narrative"))
    contact.save(force_insert=True)
    record_event(
        "contact.made",
        actor=actor,
        at=at,
        case=case,
        subject=contact,
        fields=["narrative", "interpreter"],
        data={
            "contact": contact,
            "kind": contact.kind,
            "happened_at": happened,
            "alone": contact.alone_with_child,
            "in_person": contact.kind in _IN_PERSON
            and contact.alone_with_child != rules.AloneWithChild.NOT_CHILD,
            "at_residence": at_residence,
            "language": contact.language,
            "interpreter": contact.interpreter_key.hex()[:16] if contact.interpreter_key else "",
            "information_given": contact.information_given,
        },
    )
    return contact


@action("plan.reviewed", Permission.CASE_DECIDE)
def record_review(
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    happened_at: datetime,
    outcome: str,
    findings: str,
    child_view: str,
) -> Review:
    """The plan was looked at again, by the responsible centre: what came of it, and what the
    child says."""
    require_centre(actor, case, Permission.CASE_DECIDE, at=at)
    happened = not_future(happened_at, at, "happened_at")
    review = Review(
        case=case,
        key=case.key,
        happened_at=happened,
        by_id=actor.user_id,
        outcome=chosen(rules.ReviewOutcome, outcome, "outcome"),
    )
    seal(
        review,
        case.key,
        findings=clean_text(findings, "findings", required=True),
        child_view=clean_text(child_view, "child_view", required=True),
    )
    review.save(force_insert=True)
    record_event(
        "plan.reviewed",
        actor=actor,
        at=at,
        case=case,
        subject=review,
        fields=["findings", "child_view"],
        data={"outcome": review.outcome, "happened_at": happened},
    )
    return review
