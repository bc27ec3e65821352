"""Steps on a question across files: answer it, put it aside, ask it again."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from oslonac.links import actions, forms, queries
from oslonac.links.models import Signal
from oslonac.links.queries import Asked
from oslonac.steps.forms import NoQuestions
from oslonac.steps.step import Doing, Rest, Step, Target, register
from oslonac.vault.sealing import open_one
from oslonac.web.shapes import Link


def _home(signal: Signal) -> str:
    return reverse("signals:signal", args=[signal.pk])


def _found(actor: Any, signal_id: Any, at: Any) -> Signal:
    asked: Asked = queries.signal(actor, signal_id, at=at)
    return asked.signal


def _crumbs(doing: Doing) -> list[Link]:
    listed = Link(_now("Links between cases"), reverse("signals:index"))
    return [listed, Link(_now("Question"), _home(doing.of))]


def _answered(doing: Doing) -> dict[str, Any]:
    return {"answer": doing.of.answer, "why": open_one(doing.of, "why")}


SIGNAL = Target(
    name="signal",
    model=Signal,
    find=_found,
    home=_home,
    crumbs=_crumbs,
    page="signals/<uuid:signal_id>/",
    rest="/signals/{signal_id}/",
)

STEPS = register(
    Step(
        action=actions.answer,
        on=SIGNAL,
        slug="answer",
        title=_("Answer the question"),
        form=forms.AnswerForm,
        rest=Rest("answer", "answer_signal", "SignalAnswerIn"),
        saved=_answered,
        reveals=("why",),
        done=_("Answered. It is asked again only if other people are involved."),
        save=_("Answer"),
    ),
    Step(
        action=actions.dismiss,
        on=SIGNAL,
        slug="dismiss",
        title=_("Dismiss the question"),
        form=forms.DismissForm,
        rest=Rest("dismissal", "dismiss_signal", "SignalDismissalIn"),
        saved=_answered,
        reveals=("why",),
        done=_("Dismissed. The files are not changed."),
        save=_("Dismiss"),
    ),
    Step(
        action=actions.reopen,
        on=SIGNAL,
        slug="reopen",
        title=_("Scan again"),
        form=NoQuestions,
        press=True,
        rest=Rest("reopening", "reopen_signal", "SignalRevisionIn"),
        done=_("The question is asked again."),
    ),
)
