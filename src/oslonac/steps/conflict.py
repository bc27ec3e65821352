"""Conflicts: both versions of every field, and what to send after choosing."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from oslonac.accounts.queries import names_of
from oslonac.audit.models import Event, Outcome
from oslonac.kit.ids import uuid7
from oslonac.steps.fields import Named
from oslonac.steps.forms import StepForm
from oslonac.steps.step import Doing, Step
from oslonac.web import moments
from oslonac.web.shapes import Conflict, Difference, Fact

HIDDEN = ("request_key", "revision")


def conflict_of(
    step: Step, doing: Doing, form: StepForm, current: Any, *, url: str, home: str
) -> Conflict:
    """What differs between what was typed and `current`, the record as it stands now."""
    now = as_it_stands(step, doing, current)
    known = (step.saved or step.initial)(now)
    saved = step.form(None, doing=now, initial=known)
    differences: list[Difference] = []
    kept: dict[str, str] = {}
    for bound in form:
        name = bound.name
        if name in HIDDEN:
            continue
        mine = flat(bound.value())
        theirs = flat(saved[name].value()) if name in saved.fields else mine
        if _compared(step, name, known) and _differ(mine, theirs):
            differences.append(_difference(form, saved, bound, mine, theirs))
        else:
            kept |= _parts(form, bound)
    by, when = last_writer(step, now)
    return Conflict(
        what=str(step.title),
        by=by,
        when=when,
        url=url,
        differences=differences,
        cancel_url=home,
        fields={
            **kept,
            **{name: ",".join(_sent(form, name)) for name in form.carried},
            "request_key": str(uuid7()),
            "revision": str(now.standing),
            "flat": "1",
            "button": str(form.data.get("button", "")),
        },
    )


def as_it_stands(step: Step, doing: Doing, current: Any) -> Doing:
    """The same step on the record as it was saved meanwhile."""
    if type(current) is type(doing.of):
        return step.on.again(doing)
    return replace(doing, subject=current)


def _compared(step: Step, name: str, known: dict[str, Any]) -> bool:
    """Fields named by `compares`; for a step with `saved`, all of which that speaks."""
    return name in step.compares or (step.saved is not None and name in known)


def _difference(form: StepForm, saved: StepForm, bound: Any, mine: str, theirs: str) -> Difference:
    return Difference(
        name=bound.html_name,
        label=str(bound.label),
        theirs=_shown(saved, bound.name, theirs),
        yours=_shown(form, bound.name, mine),
        theirs_value=theirs,
        yours_value=mine,
    )


def _differ(mine: str, theirs: str) -> bool:
    return mine.replace("\r\n", "\n").strip() != theirs.replace("\r\n", "\n").strip()


def _parts(form: StepForm, bound: Any) -> dict[str, str]:
    """A field as it was sent: one value, or its parts (a said date has four)."""
    if bound.html_name in form.data:  # `name` beside a `name_2` is a field of its own
        return {bound.html_name: flat(bound.value())}
    prefix = f"{bound.html_name}_"
    parts = {k: str(v) for k, v in form.data.items() if k.startswith(prefix)}
    return parts or {bound.html_name: flat(bound.value())}


def _sent(form: StepForm, name: str) -> list[str]:
    sent: Any = form.data
    return list(sent.getlist(name)) if hasattr(sent, "getlist") else []


def own_words(form: StepForm) -> list[Fact]:
    """What was typed, to read and to copy, where it cannot be saved any more."""
    found = []
    for bound in form:
        if bound.name in HIDDEN:
            continue
        value = bound.value()
        if isinstance(value, list | tuple) and not hasattr(bound.field, "choices"):
            value = " ".join(str(part) for part in value if part)  # a said date, in its order
        shown = _shown(form, bound.name, flat(value))
        if shown:
            found.append(Fact(str(bound.label), shown))
    return found


def flat(value: Any) -> str:
    """A value as the browser sends it; a list in one value, which `StepForm` takes apart."""
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(sorted(str(each) for each in value))
    if isinstance(value, datetime):
        local = timezone.localtime(value) if timezone.is_aware(value) else value
        return local.strftime("%Y-%m-%dT%H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _shown(form: StepForm, name: str, raw: str) -> str:
    """A value as people read it."""
    field = form.fields[name]
    choices = getattr(field, "choices", None)
    if choices is not None and not isinstance(field, Named):
        labels = {str(k): str(v) for k, v in choices}
        if raw in labels or "," not in raw:
            return labels.get(raw, raw) if raw else ""
        return ", ".join(labels.get(each, each) for each in raw.split(","))
    if raw == "on":
        return _("yes")
    try:
        return formats.date_format(date.fromisoformat(raw)) if raw else ""
    except ValueError:
        return raw


def last_writer(step: Step, doing: Doing) -> tuple[str, str]:
    """Who wrote the record last and how long ago."""
    rows = Event.objects.filter(record_id=doing.record.pk, outcome=Outcome.DONE)
    if doing.subject is None:
        rows = Event.objects.filter(outcome=Outcome.DONE, **step.on.events(doing.of))
    # Whoever only read the record did not write it.
    last = rows.exclude(name="sealed.read").order_by("-at", "-id").first()
    if last is None:
        return _("Somebody"), ""
    names = names_of([last.actor_id])
    by = names.get(last.actor_id, "") if last.actor_id else ""
    return by or _("Somebody"), _("%(span)s ago") % {"span": moments.span(doing.at - last.at)}
