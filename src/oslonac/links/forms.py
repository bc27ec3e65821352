"""Forms of the pages of questions."""

from django.utils.translation import gettext_lazy as _

from oslonac.links.rules import Answer
from oslonac.steps.fields import Pick, Words
from oslonac.steps.forms import StepForm


class AnswerForm(StepForm):
    answer = Pick(Answer, label=_("What you found"))
    why = Words(rows=3, label=_("Evidence"), help_text=_("Stored with the question, encrypted."))


class DismissForm(StepForm):
    why = Words(rows=3, label=_("Why you dismiss the question"))
