"""Invented sentences for narratives. Whole sentences, put together; never about a real child.

They are written in the language the demonstration is built in (`oslonac demo build --language`).
"""

import random
from collections.abc import Sequence

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

_MET = (
    _("Met shortly after midnight beside the road that leads from the border to the village."),
    _("Found asleep behind the bus station; a shopkeeper had called."),
    _("Came to the gate of the centre alone and asked for water."),
    _("Was taken off a lorry at the crossing together with several adults."),
    _("Police brought the child from a forest path where a group had been stopped."),
    _("Walked in from the railway line in wet clothes and without shoes."),
    _("Was noticed begging near the market for the third day in a row."),
    _("A field team met the child among families waiting in the park."),
    _("A teacher called because the child had not come to school for two weeks."),
    _("The reception centre counted one child more than the list and asked who it belonged to."),
)
_STATE = (
    _("Looks tired and cold but answers calmly."),
    _("Has a cough and blisters on both feet."),
    _("Is hungry and does not want to sit down."),
    _("Shows no injuries and says nothing hurts."),
    _("Has an old wound on the left arm that was never treated."),
    _("Cries when asked about the way here."),
    _("Keeps looking at one of the men before answering."),
    _("Speaks little and only in the presence of the interpreter."),
    _("Is polite, makes jokes, and falls asleep in the middle of a sentence."),
)
_SAID = (
    _("Says the way took four months and that the phone was taken in the mountains."),
    _("Says an uncle waits in another country and that the number is known by heart."),
    _("Says the parents sold a field to pay for the journey."),
    _("Says nothing about the men who arranged the transport."),
    _("Says home was left after the school was closed."),
    _("Says the group split at the river and two friends are missing since."),
    _("Says the mother is dead and the father cannot work."),
    _("Says work in a bakery was promised at the end of the road."),
    _("Says a man collects the money every evening."),
    _("Says it would be good to learn to weld."),
)
_NEXT = (
    _("Got dry clothes, food and a place to sleep."),
    _("The duty officer was rung at once and answered on the second call."),
    _("An interpreter was found by phone; the line broke off twice."),
    _("Agreed to stay for the night and to talk again in the morning."),
    _("Wants to go on with the others and was told what the options are."),
    _("A doctor looked at the child the same night."),
    _("Was shown how to reach us by phone, day and night."),
)
_VIEW = (
    _("Wants to call home first and decide then."),
    _("Wants to stay where the two friends stay."),
    _("Wants to go to school and to have an own room."),
    _("Does not want to be asked about the road again."),
    _("Wants to go on to an older brother and says so every time."),
    _("Wants a guardian who comes more often than once a month."),
    _("Likes the foster mother and wants to stay until summer."),
    _("Is afraid that the father will be told everything."),
)
_REASON = (
    _("Alone, without papers, at night; nobody present can be responsible."),
    _("The person who came along could not say the child's family name."),
    _("Information from three sources agrees, and waiting would be dangerous."),
    _("The family was found, visited and is able to care for the child."),
    _("The reasons for the first decision no longer hold."),
    _("The child asked for it, and nothing speaks against it."),
)
_CONCLUSION = (
    _("Needs a safe place, a guardian and a doctor; school after that."),
    _("Immediate danger has passed; the debt to those who arranged the journey remains a risk."),
    _("Strong and able to plan; the greatest risk is leaving without telling anybody."),
    _("The relation to the companion is not clear and has to be checked before any placement."),
    _("The home is not safe at present; relatives in the village may be able to help."),
)
_CONTACT = (
    _("Talked about sleep, food and the room; nothing new about the journey."),
    _("Went for a walk, called the mother, explained what happens next and when."),
    _("The child was angry because the promised shoes had not come."),
    _("Showed drawings, asked when school begins, was told the date."),
    _("Explained the right to ask for asylum; questions were about the length of the procedure."),
    _("The child was not in the room; the carer says it happens at weekends."),
    _("Talked about a man who rings at night; agreed on what to do when it happens again."),
)
_OUTCOME = (
    _("Goes to school every day"),
    _("Has papers that say who they are"),
    _("Sleeps through the night"),
    _("Is in touch with the family every week"),
    _("Understands and speaks enough Serbian for everyday life"),
    _("Is out of reach of those who exploited them"),
)
_INDICATOR = (
    _("Attendance over a month above nine days in ten"),
    _("The decision is in the file"),
    _("Says so in two reviews one after the other"),
    _("Four calls in a month"),
    _("Passes the first level of the course"),
)
_ACTIVITY = (
    _("Enrol at the school and go along on the first day"),
    _("Ask for the registration of residence"),
    _("Find an interpreter who comes every week"),
    _("Book the examination and go along"),
    _("Arrange the weekly call with the family"),
    _("Buy clothes and shoes for the season"),
    _("Talk to the foster family about the visits"),
)
_PROMISE = (
    _("Shoes in the right size"),
    _("A call to mother on Friday"),
    _("A place in the football training"),
    _("An answer about the brother"),
    _("A card for the phone"),
    _("A visit to the school before it begins"),
)


def _one(rng: random.Random, pool: Sequence[str]) -> str:
    sentence = rng.choice(pool)
    return gettext(sentence)


def encounter(rng: random.Random) -> str:
    """What was seen and heard when a child was met."""
    return " ".join(_one(rng, pool) for pool in (_MET, _STATE, _SAID, _NEXT))


def contact(rng: random.Random) -> str:
    return f"{_one(rng, _CONTACT)} {_one(rng, _STATE)}"


def account(rng: random.Random) -> str:
    """In the child's words, as interpreted."""
    return _one(rng, _SAID)


def view(rng: random.Random) -> str:
    return _one(rng, _VIEW)


def reason(rng: random.Random) -> str:
    return _one(rng, _REASON)


def conclusion(rng: random.Random) -> str:
    return _one(rng, _CONCLUSION)


def outcome(rng: random.Random) -> str:
    return _one(rng, _OUTCOME)


def indicator(rng: random.Random) -> str:
    return _one(rng, _INDICATOR)


def activity(rng: random.Random) -> str:
    return _one(rng, _ACTIVITY)


def promise(rng: random.Random) -> str:
    return _one(rng, _PROMISE)


def all_sentences() -> list[str]:
    """Every sentence that a narrative may contain, for the test of the dump."""
    pools = (_MET, _STATE, _SAID, _NEXT, _VIEW, _REASON, _CONCLUSION, _CONTACT, _ACTIVITY)
    return [sentence for pool in pools for sentence in pool]
