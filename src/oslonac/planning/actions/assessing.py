"""Initial and focused assessments: started, written by one or several people, completed."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.audit.actions import action
from oslonac.cases import rules
from oslonac.cases.actions.base import not_future, record_event, require_case
from oslonac.cases.models import Assessment, Case
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Invalid, Refused
from oslonac.kit.revisions import swap
from oslonac.people.actions import clean_text
from oslonac.vault.sealing import sealed


@action("assessment.begun", Permission.CASE_ASSESS)
def begin_assessment(
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    kind: str = rules.AssessmentKind.INITIAL,
    happened_at: datetime | None = None,
) -> Assessment:
    """Begin an assessment. One of a kind runs at a time."""
    require_case(actor, case, at=at)
    begun_at = not_future(happened_at or at, at, "happened_at")
    assessment = Assessment(
        case=case,
        key=case.key,
        kind=chosen(rules.AssessmentKind, kind, "kind"),
        begun_at=begun_at,
        begun_by_id=actor.user_id,
    )
    try:
        with transaction.atomic():
            assessment.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            "assessment.running", _("An assessment of this kind has already been started.")
        ) from None
    record_event(
        "assessment.begun",
        actor=actor,
        at=at,
        case=case,
        subject=assessment,
        data={"kind": assessment.kind, "assessment": assessment, "happened_at": begun_at},
    )
    return assessment


@action("assessment.saved", Permission.CASE_ASSESS)
def save_assessment(
    *,
    actor: Actor,
    at: datetime,
    assessment: Assessment,
    revision: int,
    alone_with_child: str = "",
    **texts: str,
) -> Assessment:
    """Keep what is written so far. Raises Stale when somebody saved in between."""
    require_case(actor, assessment.case, at=at, level=Level.NARRATIVE)
    if assessment.status != rules.AssessmentStatus.BEGUN:
        raise Refused("assessment.completed", _("A completed assessment cannot be changed."))
    _save(assessment, revision, alone_with_child, texts)
    record_event(
        "assessment.saved",
        actor=actor,
        at=at,
        case=assessment.case,
        subject=assessment,
        fields=list(texts),
    )
    return assessment


@action("assessment.completed", Permission.CASE_ASSESS)
def complete_assessment(
    *,
    actor: Actor,
    at: datetime,
    assessment: Assessment,
    revision: int,
    alone_with_child: str = "",
    **texts: str,
) -> Assessment:
    """Complete an assessment: a conclusion and the child's own view are needed."""
    require_case(actor, assessment.case, at=at, level=Level.NARRATIVE)
    rules.check_step(assessment.status, rules.AssessmentStatus.COMPLETED, rules.AssessmentStatus)
    missing = {
        name: _("Please write something here.")
        for name in ("conclusion", "child_view")
        if not texts.get(name, "").strip()
    }
    if not alone_with_child:
        missing["alone_with_child"] = _("Choose one.")
    if missing:
        raise Invalid(missing)
    _save(
        assessment,
        revision,
        alone_with_child,
        texts,
        status=rules.AssessmentStatus.COMPLETED,
        completed_at=at,
        completed_by_id=actor.user_id,
    )
    record_event(
        "assessment.completed",
        actor=actor,
        at=at,
        case=assessment.case,
        subject=assessment,
        fields=list(texts),
        data={"kind": assessment.kind, "assessment": assessment, "alone": alone_with_child},
    )
    return assessment


def _save(
    assessment: Assessment,
    revision: int,
    alone_with_child: str,
    texts: dict[str, str],
    **more: object,
) -> None:
    unknown = set(texts) - set(Assessment.TEXTS)
    if unknown:
        raise Invalid({name: _("There is no such part.") for name in unknown})
    if alone_with_child:
        alone_with_child = chosen(rules.AloneWithChild, alone_with_child, "alone_with_child")
    cleaned = {name: clean_text(text, name) for name, text in texts.items()}
    swap(
        assessment,
        revision,
        alone_with_child=alone_with_child or assessment.alone_with_child,
        **sealed(assessment, **cleaned),
        **more,
    )
