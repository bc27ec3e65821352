"""Forms of the pages of questions."""

from django.utils.translation import gettext_lazy as _

from oslonac.cases.steps.fields import Pick, Words
from oslonac.duplicates.forms import PairForm
from oslonac.signals.rules import Answer


class AnswerForm(PairForm):
    answer = Pick(Answer, label=_("What you found"))
    why = Words(rows=3, label=_("Evidence"), help_text=_("Stored with the question, encrypted."))


class DismissForm(PairForm):
    why = Words(rows=3, label=_("Why you dismiss the question"))
