"""Enter in a field never sends a form that is half told: in templates, where every form stands."""

import re
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src" / "oslonac"
FORM = re.compile(r"<form\b.*?</form>", re.S)
SUBMITS = re.compile(r'type="submit"|\{% button (?![^%]*type="button")')
STOP = "web/components/no_enter.html"
FORMS = [
    (path, form)
    for path in sorted(SRC.rglob("templates/**/*.html"))
    for form in FORM.findall(path.read_text())
]


def is_long(form: str) -> bool:
    """Told in several fields (it guards what is typed), or ended in several ways."""
    opening = form[: form.index(">")]
    return "data-guard" in opening or "data-stepper" in opening or len(SUBMITS.findall(form)) > 1


LONG = [(path, form) for path, form in FORMS if is_long(form)]


def test_the_long_forms_are_found() -> None:
    found = {str(path.relative_to(SRC)) for path, _form in LONG}
    assert {"encounters/templates/encounters/new.html", "steps/templates/steps/step.html"} <= found


@pytest.mark.parametrize(("path", "form"), LONG, ids=lambda each: getattr(each, "name", ""))
def test_the_first_submit_of_a_long_form_does_nothing(path: Path, form: str) -> None:
    assert STOP in form, path
    first = SUBMITS.search(form)
    assert first is None or form.index(STOP) < first.start(), path
