"""Conflicts: both versions of every field, and what to send after choosing."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from oslonac.accounts.queries import names_of
from oslonac.audit.models import Event, Outcome
from oslonac.cases import moments
from oslonac.cases.models import Case
from oslonac.cases.steps.base import StepForm
from oslonac.cases.steps.fields import Named
from oslonac.cases.steps.registry import Doing, Step, url
from oslonac.kit.ids import uuid7
from oslonac.web.shapes import Conflict, Difference


def conflict_of(step: Step, doing: Doing, form: StepForm, current: Any, home: str) -> Conflict:
    """What differs between what was typed and `current`, the record as it stands now."""
    if isinstance(current, Case):
        current.reach = doing.case.reach
        now = replace(doing, case=current)
    else:
        now = replace(doing, subject=current)
    saved = step.form(None, doing=now, initial=step.initial(now))
    differences: list[Difference] = []
    kept: dict[str, str] = {}
    for bound in form:
        name = bound.name
        if name in ("request_key", "revision"):
            continue
        mine = _raw(bound.value())
        theirs = _raw(saved[name].value()) if name in saved.fields else mine
        if name in step.compares and _differ(mine, theirs):
            differences.append(
                Difference(
                    name=bound.html_name,
                    label=str(bound.label),
                    theirs=_shown(saved, name, theirs),
                    yours=_shown(form, name, mine),
                    theirs_value=theirs,
                    yours_value=mine,
                )
            )
        else:
            kept |= _parts(form, bound)
    by, when = _last_writer(current, doing)
    return Conflict(
        what=str(step.title),
        by=by,
        when=when,
        url=url(step, doing.case, doing.subject),
        differences=differences,
        cancel_url=home,
        fields={
            **kept,
            "request_key": str(uuid7()),
            "revision": str(getattr(current, "revision", 0)),
            "button": str(form.data.get("button", "")),
        },
    )


def _differ(mine: str, theirs: str) -> bool:
    return mine.replace("\r\n", "\n").strip() != theirs.replace("\r\n", "\n").strip()


def _parts(form: StepForm, bound: Any) -> dict[str, str]:
    """A field as it was sent: one value, or its parts (a said date has four)."""
    prefix = f"{bound.html_name}_"
    parts = {k: str(v) for k, v in form.data.items() if k.startswith(prefix)}
    return parts or {bound.html_name: _raw(bound.value())}


def _raw(value: Any) -> str:
    """A value as the browser sends it."""
    if value is None or value is False:
        return ""
    if value is True:
        return "on"
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
        return str({str(k): v for k, v in choices}.get(raw, raw)) if raw else ""
    if raw == "on":
        return _("yes")
    try:
        return formats.date_format(date.fromisoformat(raw)) if raw else ""
    except ValueError:
        return raw


def _last_writer(current: Any, doing: Doing) -> tuple[str, str]:
    """Who wrote the record last and how long ago."""
    rows = Event.objects.filter(record_id=current.pk, outcome=Outcome.DONE)
    if isinstance(current, Case):
        rows = Event.objects.filter(case_id=current.pk, outcome=Outcome.DONE)
    last = rows.order_by("-at", "-id").first()
    if last is None:
        return _("Somebody"), ""
    names = names_of([last.actor_id])
    length = moments.span(doing.at - last.at)
    by = names.get(last.actor_id, "") if last.actor_id else ""
    return by or _("Somebody"), _("%(span)s ago") % {"span": length}
