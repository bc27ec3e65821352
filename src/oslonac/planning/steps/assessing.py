"""Steps of assessments: begin, save what is written so far, complete."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from oslonac.access.rules import Level
from oslonac.cases import rules
from oslonac.cases.models import Assessment, Case
from oslonac.cases.steps.registry import CASE, Doing, Group, Step, register
from oslonac.planning import actions as planning
from oslonac.steps.fields import Moment, Pick, Words
from oslonac.steps.forms import StepForm
from oslonac.vault.sealing import open_many


class Begin(StepForm):
    kind = Pick(rules.AssessmentKind, label=_("Which assessment"))
    happened_at = Moment(label=_("Started on"))


class Write(StepForm):
    alone_with_child = Pick(
        rules.AloneWithChild, label=_("Did you speak with the person alone?"), required=False
    )
    safety = Words(required=False, label=_("Safety now"))
    needs = Words(required=False, label=_("Needs"))
    strengths = Words(required=False, label=_("Strengths of the person, family and others"))
    family = Words(required=False, label=_("Family, and who may be trusted"))
    health = Words(required=False, label=_("Health"))
    child_view = Words(
        required=False,
        label=_("The person's own view"),
        help_text=_("In the person's own words as far as possible. Required to complete."),
    )
    conclusion = Words(required=False, label=_("Conclusion"), help_text=_("Required to complete."))


def _write(doing: Doing, data: dict[str, Any]) -> Any:
    """Two buttons: `complete` completes, everything else saves."""
    act = planning.complete_assessment if data["button"] == "complete" else planning.save_assessment
    return act(
        actor=doing.actor,
        at=doing.at,
        assessment=doing.subject,
        revision=doing.revision,
        alone_with_child=data["alone_with_child"],
        request_key=doing.request_key,
        **{name: data[name] for name in Assessment.TEXTS},
    )


def _written(doing: Doing) -> dict[str, Any]:
    texts = open_many([doing.subject], *Assessment.TEXTS)[doing.subject.pk]
    return {**texts, "alone_with_child": doing.subject.alone_with_child}


def running(case: Case) -> Assessment | None:
    """The assessment somebody already began; an obligation links to the case alone."""
    return (
        Assessment.objects.filter(case=case, status=rules.AssessmentStatus.BEGUN)
        .order_by("-kind", "begun_at")  # initial before focused
        .first()
    )


register(
    Step(
        action=planning.begin_assessment,
        on=CASE,
        slug="assessment",
        title=_("Start an assessment"),
        form=Begin,
        done=_("The assessment is started."),
        anchor="assessments",
        group=Group.ASSESS,
        icon="note",
        initial=lambda doing: {"kind": rules.AssessmentKind.INITIAL, "happened_at": doing.at},
        instead=running,
        save=_("Start"),
    ),
    Step(
        action=planning.save_assessment,
        on=CASE.of(Assessment),
        slug="assessment",
        title=_("Write the assessment"),
        form=Write,
        run=_write,
        done=_("The assessment is saved."),
        anchor="assessments",
        label=_("Continue"),
        icon="edit",
        level=Level.NARRATIVE,
        applies=lambda case, subject: subject.status == rules.AssessmentStatus.BEGUN,
        initial=_written,
        compares=("alone_with_child", *Assessment.TEXTS),
        reads=Assessment.TEXTS,
        buttons=(("complete", _("Complete the assessment")),),
        save=_("Save, continue later"),
    ),
)
