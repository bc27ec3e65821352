"""Pages of the inbox and of the notification settings."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import public, signed_in
from oslonac.accounts.queries import names_of
from oslonac.country import alphabetical
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Invalid, Refused
from oslonac.kit.ids import uuid7
from oslonac.notices import actions, kinds, queries, shapes
from oslonac.notices.forms import AbsenceForm, EmailForm, SubscriptionForm
from oslonac.notices.models import Channels, Notice, Subscription
from oslonac.notices.quiet import quiet_hours
from oslonac.notices.sender_key import public_key
from oslonac.vault.sealing import open_one
from oslonac.web.messages import toast

PAGE = 100


@signed_in
def inbox(request: ActingRequest) -> HttpResponse:
    """What one was told; looking at it is seeing it."""
    page = Paginator(queries.inbox(request.actor), PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    standing = _standing(shown, request)
    by_id = shapes.lines(request.actor, shown, request.at)
    new = [n for n in shown if n.pk in standing and n.seen_at is None]
    earlier = [n for n in shown if n.pk in standing and n.seen_at is not None]
    over = [n for n in shown if n.pk not in standing]
    context = {
        "page_title": _("Inbox"),
        "new": shapes.groups(new, by_id),
        "new_count": len(new),
        "earlier": shapes.groups(earlier, by_id),
        "earlier_count": len(earlier),
        "over": [by_id[n.pk] for n in over],
        "page_obj": page,
    }
    response = render(request, "notices/inbox.html", context)
    actions.see(request.actor, shown, at=request.at)
    return response


def _standing(shown: list[Notice], request: ActingRequest) -> set[UUID]:
    """Those that are not over, asked afresh: the job that ends them runs once a minute."""
    found: set[UUID] = set()
    by_kind: dict[str, list[Notice]] = {}
    for notice in shown:
        if notice.over_at is None:
            by_kind.setdefault(notice.kind, []).append(notice)
    for code, notices in by_kind.items():
        still = kinds.kind_of(code).still
        found |= {n.pk for n in notices} if still is None else set(still(notices, request.at))
    return found


@signed_in
def own_settings(request: ActingRequest) -> HttpResponse:
    return _settings(request)


def _settings(request: ActingRequest, **given: Any) -> HttpResponse:
    """The page of settings; `given` holds a form that was refused."""
    row = Channels.objects.select_related("key").filter(user=request.actor.user_id).first()
    chosen = {
        "by_email": bool(row and row.by_email),
        "email": open_one(row, "email") if row else "",
        "request_key": str(uuid7()),
    }
    quiet = quiet_hours()
    context = {
        "page_title": _("Notification settings"),
        "email_form": EmailForm(initial=chosen),
        "mail_works": settings.OSLONAC_MAIL,
        "absence_form": AbsenceForm(people=_people(request), initial=_today(request)),
        "absences": _absences(request),
        "push_key": public_key(),
        "push_form": SubscriptionForm(initial={"request_key": str(uuid7())}),
        "browsers": Subscription.objects.filter(user=request.actor.user_id, ended_at__isnull=True),
        "quiet": _("Between %(start)s and %(end)s only urgent notices are sent.")
        % {"start": f"{quiet.start:%H:%M}", "end": f"{quiet.end:%H:%M}"},
        **given,
    }
    return render(request, "notices/settings.html", context)


def _today(request: ActingRequest) -> dict[str, Any]:
    day = local_day(request.at)
    return {"request_key": str(uuid7()), "starts_on": day, "user": str(request.actor.user_id)}


def _people(request: ActingRequest) -> list[tuple[str, str]]:
    """Oneself, then colleagues whose absence one may record, by name."""
    others = names_of(queries.led_by(request.actor, at=request.at).values_list("pk", flat=True))
    own = (str(request.actor.user_id), _("myself"))
    rows = sorted(others.items(), key=lambda pair: alphabetical(pair[1]))
    return [own, *((str(pk), name) for pk, name in rows)]


def _absences(request: ActingRequest) -> list[dict[str, Any]]:
    people = dict(_people(request))
    rows = queries.absences((UUID(pk) for pk in people), at=request.at)
    return [
        {
            "pk": row.pk,
            "who": people[str(row.user_id)],
            "from": row.starts_on,
            "until": row.ends_on,
        }
        for row in rows
    ]


@signed_in
@require_POST
def email(request: ActingRequest) -> HttpResponse:
    form = EmailForm(request.POST)
    if _done(form, lambda said: actions.choose_email(actor=request.actor, at=request.at, **said)):
        toast(request, _("Kept."))
        return redirect("notices:settings")
    return _settings(request, email_form=form)


@signed_in
@require_POST
def subscribe(request: ActingRequest) -> HttpResponse:
    form = SubscriptionForm(request.POST)
    if _done(form, lambda said: actions.subscribe(actor=request.actor, at=request.at, **said)):
        toast(request, _("This browser now shows messages."))
    else:
        messages.error(request, _("This browser gave no valid address for messages."))
    return redirect("notices:settings")


@signed_in
@require_POST
def unsubscribe(request: ActingRequest, subscription_id: UUID) -> HttpResponse:
    actions.unsubscribe(actor=request.actor, at=request.at, subscription_id=subscription_id)
    toast(request, _("The browser no longer shows messages."))
    return redirect("notices:settings")


@signed_in
@require_POST
def absence(request: ActingRequest) -> HttpResponse:
    form = AbsenceForm(request.POST, people=_people(request))

    def write(said: dict[str, Any]) -> Any:
        user_id = UUID(said.pop("user"))
        return actions.record_absence(actor=request.actor, at=request.at, user_id=user_id, **said)

    if _done(form, write):
        toast(request, _("Reminders of these days go to the supervisor."))
        return redirect("notices:settings")
    return _settings(request, absence_form=form)


@signed_in
@require_POST
def end_absence(request: ActingRequest, absence_id: UUID) -> HttpResponse:
    actions.end_absence(actor=request.actor, at=request.at, absence_id=absence_id)
    toast(request, _("This person gets reminders again."))
    return redirect("notices:settings")


@signed_in
@require_POST
def test(request: ActingRequest) -> HttpResponse:
    actions.send_test(actor=request.actor, at=request.at)
    toast(request, _("A test notice is being sent. It takes up to two minutes."))
    return redirect("notices:settings")


@public
def worker(request: ActingRequest) -> HttpResponse:
    """The service worker that shows pushed messages. It keeps nothing and reads no page."""
    return render(request, "notices/worker.js", content_type="text/javascript; charset=utf-8")


def _done(form: Any, write: Callable[[dict[str, Any]], Any]) -> bool:
    """Whether a form was good and the action took it; what was wrong stands beside its field."""
    if not form.is_valid():
        return False
    try:
        write(dict(form.cleaned_data))
    except Invalid as invalid:
        for name, sentence in invalid.fields.items():
            form.add_error(name if name in form.fields else None, str(sentence))
        return False
    except Refused as refused:
        form.add_error(None, str(refused.message))
        return False
    return True
