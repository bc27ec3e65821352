"""The form that the gallery shows."""

from django import forms

from oslonac.web.fields import CalendarDateField, DayField, LongText, NameInput


class EncounterForm(forms.Form):
    name = forms.CharField(
        label="What is the child's name?",
        widget=NameInput,
        help_text="As the child says it, in any script.",
    )
    born = CalendarDateField(
        label="When was the child born?",
        required=False,
        help_text="A year alone is enough. Keep the calendar the child used.",
    )
    company = forms.ChoiceField(
        label="Who is with the child right now?",
        widget=forms.RadioSelect,
        choices=[
            ("parent", "Mother or father"),
            ("relative", "Other relative"),
            ("stranger", "Adult or older child, not a relative"),
            ("nobody", "Nobody"),
            ("unknown", "Not known yet"),
            ("declined", "The child does not want to say"),
        ],
    )
    needs = forms.MultipleChoiceField(
        label="What does the child need now?",
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[
            ("food", "Food and water"),
            ("doctor", "A doctor"),
            ("clothes", "Dry clothes"),
            ("sleep", "A place to sleep"),
            ("call", "To call the family"),
        ],
    )
    place = forms.ChoiceField(
        label="Where are you?",
        choices=[("", "Choose a place"), ("m", "Miratovac"), ("p", "Preševo")],
    )
    seen = DayField(label="Day you met")
    account = forms.CharField(label="The child's own account", widget=LongText, required=False)
    consent = forms.BooleanField(label="I explained what is written down and who will read it")
