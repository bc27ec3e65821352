"""What other packages ask of the index.

`find` answers a question among the people an actor may see; `beyond` past that, for those who
decide what may be said of it; `known_already` for records that arrive. Nothing here records
that something was asked or shown: whoever asks does.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from oslonac.matching.evidence import Reason
from oslonac.matching.index import answering, generations, planning, recipe, scope
from oslonac.matching.index.candidates import Asker, Gathered, Narrowing, Wish
from oslonac.matching.index.question import (
    AS_CLOSE,
    CUT,
    CUT_PAIR,
    LEFT_OUT,
    LONGEST,
    NOTHING_TO_READ,
    REBUILDING,
    SAME_DOCUMENT,
    SAME_PHONE,
    Answer,
    Found,
    Question,
)

__all__ = ["Answer", "Found", "Question", "beyond", "find", "known_already"]

TOP = 20
OPENED = 60  # candidates decrypted and compared
OPENED_AGAIN = 60  # of those found by rougher likeness
ENOUGH = 2  # times as many are looked for as are opened, to say how many more there are
SURE = 0.85  # a name as close as this ends the search for rougher likeness
OTHERS = -2.0  # nats of birth and sex below which somebody of that name is somebody else
HALF = 0.5
LEAST = 0.02  # of a name: what is less likely is not shown


def find(question: Question, within: scope.Scope, *, top: int = TOP) -> Answer:
    """The likeliest people in a scope, at most `top`, with reasons."""
    generation = generations.searched()
    if generation is None:
        return Answer(remarks=(Reason(REBUILDING),))
    contacts = _by_contact(question, generation, within)
    named = _by_name(question, generation, within, top)
    if contacts is None and named is None:
        return Answer(remarks=(Reason(NOTHING_TO_READ),))
    remarks = () if generation.current else (Reason(REBUILDING),)
    named = named or Answer()
    found = _merged(contacts or (), named.found)
    return Answer(found[:top], named.compared + len(contacts or ()), (*remarks, *named.remarks))


def beyond(question: Question, sight: scope.Scope, *, top: int = TOP) -> Answer:
    """The same among everybody that `sight` does not include. The caller decides, by policy, what
    of it may be said, and to whom; names and reasons of it are never shown as they are."""
    with scope.past_sight():
        answer = find(question, scope.EVERYBODY, top=2 * top)
    seen = sight.among(each.person_id for each in answer.found)
    found = tuple(each for each in answer.found if each.person_id not in seen)
    return Answer(found[:top], answer.compared, answer.remarks)


def known_already(
    names: Sequence[str],
    *,
    within: scope.Scope,
    born: tuple[date, date] | None = None,
    sex: str = "",
    country: str = "",
    languages: frozenset[str] = frozenset(),
    phones: Sequence[str] = (),
    documents: Sequence[str] = (),
    leave_out: frozenset[UUID] = frozenset(),
    top: int = 5,
) -> tuple[Found, ...]:
    """People of the register who may be the one described, the likeliest first.

    For whoever writes somebody down: the intake as it is typed, an import, records that arrive
    from devices that were offline. Every name is asked for; the best answer of a person counts.
    `leave_out`: people already said to be others.
    """
    best: dict[UUID, Found] = {}
    facts = {"born": born, "sex": sex, "country": country, "languages": languages}
    asked = [Question(text=name, **facts) for name in names if name.strip()]  # type: ignore[arg-type]
    asked += [Question(phone=phone) for phone in phones if phone]
    asked += [Question(document=document) for document in documents if document]
    for question in asked:
        for each in find(question, within, top=top + len(leave_out)).found:
            known = best.get(each.person_id)
            if each.person_id not in leave_out and (
                known is None or each.probability > known.probability
            ):
                best[each.person_id] = each
    return tuple(sorted(best.values(), key=lambda each: -each.probability)[:top])


def _by_contact(
    question: Question, generation: generations.Live, within: scope.Scope
) -> tuple[Found, ...] | None:
    """People with the very phone or document; None when neither was asked for."""
    from django.conf import settings

    found: list[Found] = []
    asked = False
    for keys, sentence in (
        (recipe.phone_keys(question.phone, settings.OSLONAC_PHONE_REGION), SAME_PHONE),
        (recipe.document_asked(question.document), SAME_DOCUMENT),
    ):
        if not keys:
            continue
        asked = True
        gathered = Gathered()
        asker = Asker(generation, within)
        asker.many([planning.Step("contact", tuple(keys))], gathered)
        found += [Found(pk, "", 1.0, 0.0, (Reason(sentence, {}, 6.0),)) for pk in gathered.best()]
    return tuple(found) if asked else None


def _merged(contacts: Sequence[Found], named: Sequence[Found]) -> tuple[Found, ...]:
    """A person found both ways once, with both reasons; whoever has the number first."""
    by_name = {each.person_id: each for each in named}
    first: dict[UUID, Found] = {}
    for each in contacts:
        other = by_name.get(each.person_id)
        earlier = first.get(each.person_id)
        reasons = (*(earlier.reasons if earlier else ()), *each.reasons)
        if other is not None and earlier is None:
            reasons = (*reasons, *other.reasons)
        name = other.name if other else ""
        first[each.person_id] = Found(
            each.person_id, name, 1.0, other.name_probability if other else 0.0, reasons
        )
    return (*first.values(), *(each for each in named if each.person_id not in first))


def _by_name(
    question: Question, generation: generations.Live, within: scope.Scope, top: int
) -> Answer | None:
    size = generations.size()
    plan = planning.plan(question.text[:LONGEST], question.years, size)
    if not plan.first:
        return None
    asker = Asker(
        generation,
        within,
        plan.words,
        Narrowing(question.sex, question.years) if question.only else Narrowing(),
        Wish(question.sex, question.years),
        size,
        ENOUGH * OPENED,
    )
    gathered, ranked = (
        _few(asker, question, plan) if within.ids is not None else _many(asker, question, plan)
    )
    shown = [each for each in ranked if answering.logistic(each.logit) >= LEAST]
    remarks = list(_remarks(plan, gathered, ranked))
    return Answer(answering.answers(question, shown, top), len(ranked), tuple(remarks))


Ranked = list[answering.Scored]


def _few(asker: Asker, question: Question, plan: planning.Plan) -> tuple[Gathered, Ranked]:
    gathered = asker.few(plan.all_keys)
    best = gathered.best()
    gathered.left = best[OPENED:]
    return gathered, answering.scored(question, best[:OPENED])


def _many(asker: Asker, question: Question, plan: planning.Plan) -> tuple[Gathered, Ranked]:
    """The narrowest steps first; only where they bring nobody surely alike, all others at once."""
    gathered = Gathered()
    asker.many(plan.first, gathered)
    best = gathered.best()
    opened, gathered.left = best[:OPENED], best[OPENED:]
    ranked = answering.scored(question, asker.scope.among(opened))
    if any(answering.logistic(each.logit) >= SURE and each.beside > OTHERS for each in ranked):
        return gathered, ranked
    asker.many(plan.then, gathered)
    if not plan.whole:
        gathered.cut.append("")
    before = set(opened)
    fresh = [pk for pk in gathered.best() if pk not in before]
    again, gathered.left = fresh[:OPENED_AGAIN], fresh[OPENED_AGAIN:]
    ranked += answering.scored(question, asker.scope.among(again))
    return gathered, answering.ordered(question, ranked)


def _remarks(plan: planning.Plan, gathered: Gathered, ranked: Ranked) -> Sequence[Reason]:
    """What was left out. Whoever is as close as those shown and was not opened is never silent."""
    found: list[Reason] = []
    if plan.left_out:
        found.append(Reason(LEFT_OUT, {"read": str(len(plan.words))}))
    close = [each.person_id for each in ranked if answering.logistic(each.logit) >= HALF]
    if close:
        least = min(gathered.scores.get(pk, 0.0) for pk in close)
        more = sum(gathered.scores[pk] >= least for pk in gathered.left)
        if more:
            found.append(Reason(AS_CLOSE, {"count": str(more)}))
    for word in dict.fromkeys(gathered.cut):
        found.append(Reason(CUT, {"word": word}) if word else Reason(CUT_PAIR))
    return found
