"""Forms of the pages of questions."""

from django.utils.translation import gettext_lazy as _

from oslonac.cases.steps.fields import Pick, Words
from oslonac.duplicates.forms import PairForm
from oslonac.signals.rules import Answer


class AnswerForm(PairForm):
    answer = Pick(Answer, label=_("What you found"))
    why = Words(rows=3, label=_("What shows it"), help_text=_("Kept with the question, sealed."))


class DismissForm(PairForm):
    why = Words(rows=3, label=_("Why it is not worth asking"))
