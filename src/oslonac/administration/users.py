"""Pages of users, their posts and their sign-in. Nothing here leads to a case."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oslonac.access import roles
from oslonac.access.roles import Permission
from oslonac.accounts import actions, sessions
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.accounts.hashers import is_handed_over
from oslonac.accounts.journal import last_change
from oslonac.accounts.models import Membership, User
from oslonac.accounts.session_views import lines as session_lines
from oslonac.accounts.stepup import second_factors
from oslonac.administration import queries
from oslonac.administration.forms import (
    EndPostForm,
    NewUserForm,
    PostForm,
    UserFilter,
    UserForm,
    user_values,
)
from oslonac.audit.actions import RepeatedDifferently, record_read
from oslonac.directory.rules import fold
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Invalid, Refused, Stale
from oslonac.kit.ids import uuid7
from oslonac.vault.sealing import open_many, open_one
from oslonac.web.conflicts import conflict_of
from oslonac.web.refusals import complain_of_key
from oslonac.web.shapes import Cell, Column, Conflict, Flag, Link, Table

PAGE_SIZE = 50
managed = permitted(Permission.USERS_MANAGE)


def _request_key() -> str:
    return str(uuid7())


def _crumbs(*more: Link) -> list[Link]:
    return [Link(_("Users"), reverse("administration:users")), *more]


def _secret(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    return response


def _tried(form: Any, write: Callable[[], Any]) -> Any:
    """The action's result, or None with the refusal beside its field. Raises Stale."""
    try:
        return write()
    except Invalid as invalid:
        for name, sentence in invalid.fields.items():
            form.add_error(name if name in form.fields else None, str(sentence))
    except RepeatedDifferently:
        complain_of_key(form)
    except Refused as refused:
        form.add_error(refused.field or None, str(refused.message))
    return None


@managed
def index(request: ActingRequest) -> HttpResponse:
    """Everybody with an account, narrowed down by name, organisation and role."""
    form = UserFilter(request.GET or {})
    form.is_valid()
    said = form.cleaned_data
    organisation = said.get("organisation")
    found = queries.find_users(
        text=fold(said.get("q", "")),
        organisation_id=organisation.pk if organisation else None,
        role=said.get("role", ""),
        state=said.get("state", ""),
        at=request.at,
    )
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    posts = queries.posts_of(user for user, _name in shown)
    rows = [_row(user, name, posts.get(user.pk, []), request) for user, name in shown]
    columns = [Column(_("Name")), Column(_("Posts")), Column(_("Last sign-in"))]
    context = {
        "page_title": _("Users"),
        "form": form,
        "count": len(found),
        "page_obj": page,
        "table": Table(_("Users"), columns, rows, _("Nobody matches these filters.")),
    }
    return render(request, "administration/users.html", context)


def _row(
    user: User, name: str, posts: list[Membership], request: ActingRequest
) -> list[Cell | str]:
    held = [post for post in posts if _holds(post, request)]
    words = "; ".join(f"{roles.label(post.role)}, {post.organisation}" for post in held)
    flag = None
    if not user.is_active:
        flag = Flag(_("switched off"), "alert")
    elif is_handed_over(user.password):
        flag = Flag(_("password not yet changed"), "warn")
    seen = date_format(localtime(user.last_login), "DATETIME_FORMAT") if user.last_login else ""
    return [
        Cell(name, reverse("administration:user", args=[user.pk]), flag=flag),
        words or _("no post at present"),
        seen or _("never"),
    ]


def _holds(post: Membership, request: ActingRequest) -> bool:
    day = local_day(request.at)
    return post.starts_on <= day and (post.ends_on is None or post.ends_on >= day)


@managed
def new(request: ActingRequest) -> HttpResponse:
    """Make a user with a first post; the one-time password is on the answer and nowhere else."""
    today = local_day(request.at)
    form = NewUserForm(
        request.POST or None, initial={"request_key": _request_key(), "starts_on": today}
    )
    if request.method == "POST" and form.is_valid():
        made = _tried(form, lambda: _make(request, form))
        if made is not None:
            return _slip(request, made)
    context = {
        "page_title": _("New user"),
        "crumbs": _crumbs(Link(_("New user"))),
        "form": form,
        "title": _("New user"),
        "submit": _("Make the user"),
        "back": reverse("administration:users"),
    }
    status = 422 if form.errors else 200
    return render(request, "administration/form.html", context, status=status)


@transaction.atomic
def _make(request: ActingRequest, form: NewUserForm) -> User:
    """User, post and password, all or none; a repeated request changes nothing."""
    said, request_key = form.cleaned_data, form.cleaned_data["request_key"]
    who: dict[str, Any] = {"actor": request.actor, "at": request.at}
    user = actions.make_user(
        **who, login=said["login"], name=said["name"], request_key=f"{request_key}-u"
    )
    actions.give_membership(
        **who,
        request_key=f"{request_key}-m",
        user=user,
        organisation_id=said["organisation"].pk,
        role=said["role"],
        starts_on=said["starts_on"],
        ends_on=said["ends_on"],
    )
    return actions.hand_over_password(**who, user=user, request_key=f"{request_key}-p")


def _slip(request: ActingRequest, user: User) -> HttpResponse:
    """The printable slip with login name and one-time password."""
    opened = open_many([user], "name", "login")[user.pk]
    context = {
        "page_title": _("One-time password"),
        "crumbs": _crumbs(Link(opened["name"], reverse("administration:user", args=[user.pk]))),
        "person": user,
        "name": opened["name"],
        "login": opened["login"],
        "secret": getattr(user, "one_time_password", ""),
        "address": request.build_absolute_uri("/"),
    }
    return _secret(render(request, "administration/slip.html", context))


@managed
def user(request: ActingRequest, user_id: UUID) -> HttpResponse:
    """One account: posts, state, how its sign-in is guarded."""
    person = queries.user(user_id)
    record_read(actor=request.actor, at=request.at, subject=person, fields=["login", "name"])
    return _user_page(request, person)


def _user_page(request: ActingRequest, person: User, **more: Any) -> HttpResponse:
    opened = open_many([person], "name", "login")[person.pk]
    today = local_day(request.at)
    posts = queries.posts_of([person]).get(person.pk, [])
    context = {
        "page_title": _("User"),
        "crumbs": _crumbs(Link(opened["name"])),
        "person": person,
        "name": opened["name"],
        "login": opened["login"],
        "own": person.pk == request.actor.user_id,
        "posts": [_post_line(post, request) for post in posts],
        "has_app": bool(second_factors(person)),
        "sessions": session_lines(sessions.running(person)),
        "handed_over": is_handed_over(person.password),
        "form": UserForm(
            initial=user_values(person, opened["name"])
            | {"revision": person.revision, "request_key": _request_key()}
        ),
        "post_form": PostForm(initial={"request_key": _request_key(), "starts_on": today}),
        **more,
    }
    wrong = any(getattr(more.get(name), "errors", None) for name in ("form", "post_form"))
    status = 409 if "conflict" in more else 422 if wrong else 200
    return render(request, "administration/user.html", context, status=status)


def _post_line(post: Membership, request: ActingRequest) -> dict[str, Any]:
    since = _("since %(day)s") % {"day": date_format(post.starts_on, "DATE_FORMAT")}
    until = (
        _("until %(day)s") % {"day": date_format(post.ends_on, "DATE_FORMAT")}
        if post.ends_on
        else ""
    )
    today = local_day(request.at)
    holds = _holds(post, request)
    return {
        "post": post,
        "role": roles.label(post.role),
        "organisation": str(post.organisation),
        "when": ", ".join(filter(None, [since, until])),
        "holds": holds,
        "may_end": post.ends_on is None or post.ends_on > today,
        "today": max(today, post.starts_on).isoformat(),
        "request_key": _request_key(),
    }


@managed
def change(request: ActingRequest, user_id: UUID) -> HttpResponse:
    """Rename, switch off or on."""
    person = queries.user(user_id)
    if request.method != "POST":
        return redirect("administration:user", user_id)
    form = UserForm(request.POST)
    if not form.is_valid():
        return _user_page(request, person, form=form)
    said = form.cleaned_data
    try:
        changed = _tried(
            form,
            lambda: actions.change_user(
                actor=request.actor,
                at=request.at,
                request_key=said["request_key"],
                user=person,
                revision=said["revision"],
                name=said["name"],
                is_active=said["is_active"],
            ),
        )
    except Stale as stale:
        return _user_page(
            request, queries.user(user_id), conflict=_conflict(request, form, stale.current)
        )
    if changed is None:
        return _user_page(request, queries.user(user_id), form=form)
    messages.success(request, _("Saved."))
    return redirect("administration:user", user_id)


def _conflict(request: ActingRequest, form: UserForm, current: Any) -> Conflict:
    name = open_one(current, "name")
    by, moment = last_change(current.pk)
    return conflict_of(
        form,
        user_values(current, name),
        what=name,
        by=by or _("Somebody"),
        when=_("%(time)s ago") % {"time": timesince(moment, request.at)} if moment else "",
        url=reverse("administration:change_user", args=[current.pk]),
        hidden={"revision": str(current.revision), "request_key": _request_key()},
        cancel_url=reverse("administration:user", args=[current.pk]),
    )


@managed
def hand_over(request: ActingRequest, user_id: UUID) -> HttpResponse:
    """POST gives a new one-time password, for somebody who forgot theirs."""
    person = queries.user(user_id)
    if request.method != "POST":
        return redirect("administration:user", user_id)
    request_key = request.POST.get("request_key", "")[:70]
    return _slip(
        request,
        actions.hand_over_password(
            actor=request.actor, at=request.at, user=person, request_key=request_key
        ),
    )


@managed
def take_off(request: ActingRequest, user_id: UUID) -> HttpResponse:
    """POST takes the second factor off, for somebody who lost phone and recovery codes."""
    person = queries.user(user_id)
    if request.method == "POST":
        actions.take_off_second_factor(actor=request.actor, at=request.at, user=person)
        messages.success(
            request, _("The second factor is off; the next sign-in asks for a new one.")
        )
    return redirect("administration:user", user_id)


@managed
def end_sessions(request: ActingRequest, user_id: UUID) -> HttpResponse:
    """POST signs somebody out everywhere."""
    person = queries.user(user_id)
    if request.method == "POST":
        sessions.end_sessions(actor=request.actor, at=request.at, user=person)
        messages.success(request, _("Signed out everywhere."))
    return redirect("administration:user", user_id)


@managed
def give(request: ActingRequest, user_id: UUID) -> HttpResponse:
    """POST gives a post."""
    person = queries.user(user_id)
    if request.method != "POST":
        return redirect("administration:user", user_id)
    form = PostForm(request.POST)
    if not form.is_valid():
        return _user_page(request, person, post_form=form)
    said = form.cleaned_data
    given = _tried(
        form,
        lambda: actions.give_membership(
            actor=request.actor,
            at=request.at,
            request_key=said["request_key"],
            user=person,
            organisation_id=said["organisation"].pk,
            role=said["role"],
            starts_on=said["starts_on"],
            ends_on=said["ends_on"],
        ),
    )
    if given is None:
        return _user_page(request, person, post_form=form)
    messages.success(request, _("The post is given."))
    return redirect("administration:user", user_id)


@managed
def end(request: ActingRequest, membership_id: UUID) -> HttpResponse:
    """POST sets a post's last day."""
    post = queries.membership(membership_id)
    if request.method != "POST":
        return redirect("administration:user", post.user_id)
    form = EndPostForm(request.POST)
    try:
        if form.is_valid() and _tried(form, lambda: _end(request, post, form)) is not None:
            messages.success(request, _("The last day is set."))
            return redirect("administration:user", post.user_id)
    except Stale as stale:
        messages.error(request, _ended_elsewhere(stale.current))
        return redirect("administration:user", post.user_id)
    first = next(iter(form.errors.values()))[0]
    messages.error(request, str(first))
    return redirect("administration:user", post.user_id)


def _end(request: ActingRequest, post: Membership, form: EndPostForm) -> Membership:
    said = form.cleaned_data
    return actions.end_membership(
        actor=request.actor,
        at=request.at,
        request_key=said["request_key"],
        membership=post,
        revision=said["revision"],
        ends_on=said["ends_on"],
    )


def _ended_elsewhere(current: Any) -> str:
    if current.ends_on is None:
        return _("Somebody changed this post a moment ago. Check it again.")
    day = date_format(current.ends_on, "DATE_FORMAT")
    return _("Somebody just set this post's last day to %(day)s; yours was not saved.") % {
        "day": day
    }
