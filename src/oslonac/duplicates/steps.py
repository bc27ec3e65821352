"""Steps on a pair of records: two people, one person, asked, joined, separated again."""

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from oslonac.audit.actions import record_read
from oslonac.duplicates import actions, finding, forms, queries, shown
from oslonac.duplicates.forms import older
from oslonac.duplicates.models import Pair
from oslonac.duplicates.rules import PairStatus
from oslonac.people.models import Person
from oslonac.people.queries import shown_names
from oslonac.steps.forms import NoQuestions
from oslonac.steps.step import Doing, Rest, Step, Target, register
from oslonac.web.shapes import Link

SIGHT_READ = {
    "sight_read": "The decider has read who sees which record, before and after.",
}


def index_link() -> Link:
    return Link(_now("Possible duplicates"), reverse("duplicates:index"))


def home(pair: Pair) -> str:
    return reverse("duplicates:pair", args=[pair.pk])


PAIR = Target(
    name="pair",
    model=Pair,
    find=lambda actor, pk, at: queries.pair(actor, pk, at=at),
    home=home,
    crumbs=lambda doing: [index_link(), Link(_now("Two records"), home(doing.of))],
    page="duplicates/<uuid:pair_id>/",
    rest="/duplicates/{pair_id}/",
    beside=lambda doing: ({"stylesheet": "duplicates/duplicates.css"}, ()),
)


def _joined(_pair: Any = None) -> str:
    if finding.policy().four_eyes:
        return _now("The request is saved. Another head or supervisor decides.")
    return _now("Joined. It can be undone at any time.")


def _save_joining() -> str:
    if finding.policy().four_eyes:
        return _now("Ask a second person to join them")
    return _now("Join them")


def _joining(doing: Doing) -> dict[str, Any]:
    survivor = Person.objects.get(pk=older(doing.of))
    return {"four_eyes": finding.policy().four_eyes, **_who_sees(doing, survivor)}


def _confirming(doing: Doing) -> dict[str, Any]:
    pair = doing.of
    why = queries.texts_of(pair)
    if why:
        record_read(actor=doing.actor, at=doing.at, subject=pair, fields=["why"])
    found = {"four_eyes": False, "asked": shown.decided(pair, why)}
    return found | _who_sees(doing, pair.survivor or pair.one)


def _who_sees(doing: Doing, survivor: Person) -> dict[str, Any]:
    names = _names(doing)
    pair = doing.of
    merged = pair.other if survivor.pk == pair.one_id else pair.one
    return {
        "sight": shown.disclosure_of(pair, survivor, at=doing.at),
        "survivor_name": names[survivor.pk],
        "merged_name": names[merged.pk],
    }


def _since(doing: Doing) -> dict[str, Any]:
    """By record: what was written since they were joined."""
    pair = doing.of
    if pair.status != PairStatus.MERGED or pair.merge is None:
        return {"since": []}
    names = _names(doing)
    return {
        "since": [
            {
                "name": names[each.pk],
                "survivor": each.pk == pair.merge.survivor_id,
                "rows": shown.since(queries.since(each.pk, pair.merge), at=doing.at),
            }
            for each in (pair.one, pair.other)
        ]
    }


def _names(doing: Doing) -> dict[UUID, str]:
    """The names of both, and that they were read."""
    both = [doing.of.one, doing.of.other]
    for each in both:
        fields = ["shown_name", "full", "detail"]
        record_read(actor=doing.actor, at=doing.at, subject=each, fields=fields)
    names = shown_names(both)
    return {each.pk: names[each.pk] or _now("no name yet") for each in both}


def _decision(doing: Doing) -> dict[str, Any]:
    """What somebody decided meanwhile."""
    return {"apart": doing.of.apart, "why": queries.texts_of(doing.of)}


def _again(doing: Doing, _data: dict[str, Any]) -> Pair:
    return actions.name_pair(
        actor=doing.actor,
        at=doing.at,
        person=doing.of.one,
        other=doing.of.other,
        request_key=doing.request_key,
    )


STEPS = register(
    Step(
        action=actions.say_apart,
        on=PAIR,
        slug="apart",
        title=_("They are two people"),
        form=forms.ApartForm,
        rest=Rest("two-people", "keep_apart", "ApartIn"),
        saved=_decision,
        reveals=("why",),
        help=_("Nothing about either record changes. The pair leaves the list."),
        done=_("Recorded as two people. The pair comes back only if a record changes."),
        save=_("Keep them apart"),
    ),
    Step(
        action=actions.ask,
        on=PAIR,
        slug="ask",
        title=_("Not sure, ask"),
        form=forms.AskForm,
        rest=Rest("questions", "ask_about_duplicate", "AskIn", status=201),
        help=_(
            "The question goes to case managers, heads and supervisors who can see both "
            "records. Nobody learns through it that another record exists."
        ),
        done=_("The question is saved. The answer will be shown beside the comparison."),
        save=_("Ask"),
    ),
    Step(
        action=actions.answer,
        on=PAIR,
        slug="answer",
        title=pgettext_lazy("button", "Answer"),
        form=forms.AnswerForm,
        rest=Rest("answers", "answer_about_duplicate", "AnswerIn", status=201),
        done=_("The answer is saved. The person who asked gets a notice."),
        save=_("Save the answer"),
    ),
    Step(
        action=actions.request_merge,
        on=PAIR,
        slug="join",
        title=_("They are one person"),
        form=forms.JoinForm,
        initial=lambda doing: {"survivor": older(doing.of)},
        rest=Rest(
            "joining",
            "request_joining",
            "JoinIn",
            words={"survivor": "The record that goes on: one of the two.", **SIGHT_READ},
        ),
        template="duplicates/join.html",
        context=_joining,
        done=_joined,
        save=lazy(_save_joining, str)(),
    ),
    Step(
        action=actions.confirm_merge,
        on=PAIR,
        slug="confirm",
        title=_("Join these records"),
        form=forms.ConfirmForm,
        rest=Rest("joining/confirmation", "confirm_joining", "ConfirmIn", words=SIGHT_READ),
        template="duplicates/join.html",
        context=_confirming,
        done=_("Joined. It can be undone at any time."),
        save=_("Join them"),
    ),
    Step(
        action=actions.refuse_merge,
        on=PAIR,
        slug="refuse",
        title=_("Do not join them"),
        form=forms.RefuseForm,
        rest=Rest("joining/refusal", "refuse_joining", "RefuseIn"),
        done=_("Not joined. The pair is back on the list."),
        save=_("Do not join them"),
    ),
    Step(
        action=actions.withdraw_merge,
        on=PAIR,
        slug="withdraw",
        title=_("Withdraw my request"),
        form=NoQuestions,
        press=True,
        rest=Rest("joining/withdrawal", "withdraw_joining", "PairRevisionIn"),
        done=_("Your request is withdrawn."),
    ),
    Step(
        action=actions.name_pair,
        on=PAIR,
        slug="again",
        title=_("Check again"),
        form=NoQuestions,
        press=True,
        run=_again,
        done=_("The pair is on the list again."),
    ),
    Step(
        action=actions.unmerge,
        on=PAIR,
        slug="separate",
        title=_("Separate them again"),
        form=forms.SeparateForm,
        rest=Rest("separation", "separate_records", "SeparateIn"),
        template="duplicates/separate.html",
        context=_since,
        done=_("They are two records again, each with what was written on it."),
        save=_("Separate them"),
    ),
    Step(
        action=actions.unname_pair,
        on=PAIR,
        slug="take-back",
        title=_("Remove from the list"),
        form=NoQuestions,
        press=True,
        then=lambda nothing: reverse("duplicates:index"),
        done=_("Removed from the list. Neither record has changed."),
    ),
)
