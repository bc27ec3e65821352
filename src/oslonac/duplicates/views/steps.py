"""Deciding on a pair: the forms, and what they say before somebody decides."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from oslonac.accounts.acting import ActingRequest
from oslonac.audit.actions import record_read
from oslonac.duplicates import actions, finding, forms, queries, shown
from oslonac.duplicates.models import Pair
from oslonac.duplicates.rules import PairStatus
from oslonac.duplicates.views.base import compares, form_step, home, leads, press, step
from oslonac.kit.errors import Refused
from oslonac.people.models import Person
from oslonac.people.queries import shown_names
from oslonac.web.messages import toast


@compares
def apart(request: ActingRequest, pair_id: UUID) -> HttpResponse:
    """They are two people."""
    return form_step(
        request,
        pair_id,
        forms.ApartForm,
        title=_("They are two people"),
        submit=_("Keep them apart"),
        act=actions.say_apart,
        done=_("Recorded as two people. The pair comes back only if a record changes."),
        note=_("Nothing about either record changes. The pair leaves the list."),
    )


@compares
def ask(request: ActingRequest, pair_id: UUID) -> HttpResponse:
    """Not sure."""
    return form_step(
        request,
        pair_id,
        forms.AskForm,
        title=_("Not sure, ask"),
        submit=_("Ask"),
        act=actions.ask,
        done=_("The question is saved. The answer will be shown beside the comparison."),
        note=_(
            "The question goes to case managers, heads and supervisors who can see both "
            "records. Nobody learns through it that another record exists."
        ),
    )


@compares
def answer(request: ActingRequest, pair_id: UUID) -> HttpResponse:
    """What somebody knows who was asked."""
    return form_step(
        request,
        pair_id,
        forms.AnswerForm,
        title=_("Answer"),
        submit=_("Save the answer"),
        act=actions.answer,
        done=_("The answer is saved. The person who asked gets a notice."),
    )


@compares
def join(request: ActingRequest, pair_id: UUID) -> HttpResponse:
    """They are one person: who sees what, which record goes on, why."""
    found = queries.pair(request.actor, pair_id, at=request.at)
    four_eyes = finding.policy().four_eyes
    sides = _sides(request, found)
    form = forms.JoinForm(
        request.POST or None,
        revision=found.revision,
        sides=sides,
        initial={"survivor": _older(found)},
    )
    return step(
        request,
        form,
        found,
        title=_("They are one person"),
        submit=_("Ask a second person to join them") if four_eyes else _("Join them"),
        act=actions.request_merge,
        done=_("The request is saved. Another head or supervisor decides.")
        if four_eyes
        else _("Joined. It can be undone at any time."),
        template="duplicates/join.html",
        four_eyes=four_eyes,
        **_sight(request, found, Person.objects.get(pk=_older(found))),
    )


@leads
def confirm(request: ActingRequest, pair_id: UUID) -> HttpResponse:
    """The second pair of eyes."""
    found = queries.pair(request.actor, pair_id, at=request.at)
    form = forms.ConfirmForm(request.POST or None, revision=found.revision)
    survivor = found.survivor or found.one
    return step(
        request,
        form,
        found,
        title=_("Join these records"),
        submit=_("Join them"),
        act=actions.confirm_merge,
        done=_("Joined. It can be undone at any time."),
        template="duplicates/join.html",
        four_eyes=False,
        asked=_asked(request, found),
        **_sight(request, found, survivor),
    )


@leads
def refuse(request: ActingRequest, pair_id: UUID) -> HttpResponse:
    """The second person does not agree."""
    return form_step(
        request,
        pair_id,
        forms.RefuseForm,
        title=_("Do not join them"),
        submit=_("Do not join them"),
        act=actions.refuse_merge,
        done=_("Not joined. The pair is back on the list."),
    )


@compares
@require_POST
def withdraw(request: ActingRequest, pair_id: UUID) -> HttpResponse:
    """Whoever asked takes it back."""
    return press(request, pair_id, actions.withdraw_merge, _("Your request is withdrawn."))


@compares
@require_POST
def again(request: ActingRequest, pair_id: UUID) -> HttpResponse:
    """Look at two people once more."""
    found = queries.pair(request.actor, pair_id, at=request.at)
    try:
        actions.name_pair(
            actor=request.actor,
            at=request.at,
            person=found.one,
            other=found.other,
            request_key=request.POST.get("request_key", "")[:70],
        )
    except Refused as refused:
        toast(request, str(refused.message), level=30)
    else:
        toast(request, _("The pair is on the list again."))
    return redirect(home(found))


@leads
def separate(request: ActingRequest, pair_id: UUID) -> HttpResponse:
    """Undo a joining: what was written since, and where it stays."""
    found = queries.pair(request.actor, pair_id, at=request.at)
    form = forms.SeparateForm(request.POST or None, revision=found.revision)
    return step(
        request,
        form,
        found,
        title=_("Separate them again"),
        submit=_("Separate them"),
        act=actions.unmerge,
        done=_("They are two records again, each with what was written on it."),
        template="duplicates/separate.html",
        since=_since(request, found),
    )


def _older(pair: Pair) -> UUID:
    """The record proposed to go on: the one that was there first."""
    return min((pair.one, pair.other), key=lambda each: (each.made_at, each.pk)).pk


def _sides(request: ActingRequest, pair: Pair) -> list[tuple[str, str]]:
    names = shown_names([pair.one, pair.other])
    _read(request, pair)
    return [
        (
            str(each.pk),
            _("%(name)s, recorded on %(day)s")
            % {
                "name": shown.moments.isolated(names[each.pk] or _("no name yet")),
                "day": shown.moments.short(each.made_at),
            },
        )
        for each in (pair.one, pair.other)
    ]


def _sight(request: ActingRequest, pair: Pair, survivor: Person) -> dict[str, Any]:
    names = shown_names([pair.one, pair.other])
    merged = pair.other if survivor.pk == pair.one_id else pair.one
    return {
        "sight": shown.disclosure_of(pair, survivor, at=request.at),
        "survivor_name": names[survivor.pk] or _("no name yet"),
        "merged_name": names[merged.pk] or _("no name yet"),
    }


def _asked(request: ActingRequest, pair: Pair) -> list[Any]:
    _read(request, pair)
    why = queries.texts_of(pair)
    if why:
        record_read(actor=request.actor, at=request.at, subject=pair, fields=["why"])
    return shown.decided(pair, why)


def _since(request: ActingRequest, pair: Pair) -> list[dict[str, Any]]:
    """By record: what was written since they were joined."""
    if pair.status != PairStatus.MERGED or pair.merge is None:
        return []
    names = shown_names([pair.one, pair.other])
    _read(request, pair)
    return [
        {
            "name": names[each.pk] or _("no name yet"),
            "survivor": each.pk == pair.merge.survivor_id,
            "rows": shown.since(queries.since(each.pk, pair.merge), at=request.at),
        }
        for each in (pair.one, pair.other)
    ]


def _read(request: ActingRequest, pair: Pair) -> None:
    for each in (pair.one, pair.other):
        record_read(
            actor=request.actor,
            at=request.at,
            subject=each,
            fields=["shown_name", "full", "detail"],
        )
