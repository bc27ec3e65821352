"""Invented sentences for narratives. Whole sentences, put together; never about a real child."""

import random

_MET = (
    "Met shortly after midnight beside the road that leads from the border to the village.",
    "Found asleep behind the bus station; a shopkeeper had called.",
    "Came to the gate of the centre alone and asked for water.",
    "Was taken off a lorry at the crossing together with several adults.",
    "Police brought the child from a forest path where a group had been stopped.",
    "Walked in from the railway line in wet clothes and without shoes.",
    "Was noticed begging near the market for the third day in a row.",
    "A field team met the child among families waiting in the park.",
    "A teacher called because the child had not come to school for two weeks.",
    "The reception centre counted one child more than the list and asked who it belonged to.",
)
_STATE = (
    "Looks tired and cold but answers calmly.",
    "Has a cough and blisters on both feet.",
    "Is hungry and does not want to sit down.",
    "Shows no injuries and says nothing hurts.",
    "Has an old wound on the left arm that was never treated.",
    "Cries when asked about the way here.",
    "Keeps looking at one of the men before answering.",
    "Speaks little and only in the presence of the interpreter.",
    "Is polite, makes jokes, and falls asleep in the middle of a sentence.",
)
_SAID = (
    "Says the way took four months and that the phone was taken in the mountains.",
    "Says an uncle waits in another country and that the number is known by heart.",
    "Says the parents sold a field to pay for the journey.",
    "Says nothing about the men who arranged the transport.",
    "Says home was left after the school was closed.",
    "Says the group split at the river and two friends are missing since.",
    "Says the mother is dead and the father cannot work.",
    "Says work in a bakery was promised at the end of the road.",
    "Says a man collects the money every evening.",
    "Says it would be good to learn to weld.",
)
_NEXT = (
    "Got dry clothes, food and a place to sleep.",
    "The duty officer was rung at once and answered on the second call.",
    "An interpreter was found by phone; the line broke off twice.",
    "Agreed to stay for the night and to talk again in the morning.",
    "Wants to go on with the others and was told what the options are.",
    "A doctor looked at the child the same night.",
    "Was shown how to reach us by phone, day and night.",
)
_VIEW = (
    "Wants to call home first and decide then.",
    "Wants to stay where the two friends stay.",
    "Wants to go to school and to have an own room.",
    "Does not want to be asked about the road again.",
    "Wants to go on to an older brother and says so every time.",
    "Wants a guardian who comes more often than once a month.",
    "Likes the foster mother and wants to stay until summer.",
    "Is afraid that the father will be told everything.",
)
_REASON = (
    "Alone, without papers, at night; nobody present can be responsible.",
    "The person who came along could not say the child's family name.",
    "Information from three sources agrees, and waiting would be dangerous.",
    "The family was found, visited and is able to care for the child.",
    "The reasons for the first decision no longer hold.",
    "The child asked for it, and nothing speaks against it.",
)
_CONCLUSION = (
    "Needs a safe place, a guardian and a doctor; school after that.",
    "Immediate danger has passed; the debt to those who arranged the journey remains a risk.",
    "Strong and able to plan; the greatest risk is leaving without telling anybody.",
    "The relation to the companion is not clear and has to be checked before any placement.",
    "The home is not safe at present; relatives in the village may be able to help.",
)
_CONTACT = (
    "Talked about sleep, food and the room; nothing new about the journey.",
    "Went for a walk, called the mother, explained what happens next and when.",
    "The child was angry because the promised shoes had not come.",
    "Showed drawings, asked when school begins, was told the date.",
    "Explained the right to ask for asylum; questions were about the length of the procedure.",
    "The child was not in the room; the carer says it happens at weekends.",
    "Talked about a man who rings at night; agreed on what to do when it happens again.",
)
_OUTCOME = (
    "Goes to school every day",
    "Has papers that say who they are",
    "Sleeps through the night",
    "Is in touch with the family every week",
    "Understands and speaks enough Serbian for everyday life",
    "Is out of reach of those who exploited them",
)
_INDICATOR = (
    "Attendance over a month above nine days in ten",
    "The decision is in the file",
    "Says so in two reviews one after the other",
    "Four calls in a month",
    "Passes the first level of the course",
)
_ACTIVITY = (
    "Enrol at the school and go along on the first day",
    "Ask for the registration of residence",
    "Find an interpreter who comes every week",
    "Book the examination and go along",
    "Arrange the weekly call with the family",
    "Buy clothes and shoes for the season",
    "Talk to the foster family about the visits",
)
_PROMISE = (
    "Shoes in the right size",
    "A call to mother on Friday",
    "A place in the football training",
    "An answer about the brother",
    "A card for the phone",
    "A visit to the school before it begins",
)


def encounter(rng: random.Random) -> str:
    """What was seen and heard when a child was met."""
    return " ".join(rng.choice(pool) for pool in (_MET, _STATE, _SAID, _NEXT))


def contact(rng: random.Random) -> str:
    return f"{rng.choice(_CONTACT)} {rng.choice(_STATE)}"


def account(rng: random.Random) -> str:
    """In the child's words, as interpreted."""
    return rng.choice(_SAID)


def view(rng: random.Random) -> str:
    return rng.choice(_VIEW)


def reason(rng: random.Random) -> str:
    return rng.choice(_REASON)


def conclusion(rng: random.Random) -> str:
    return rng.choice(_CONCLUSION)


def outcome(rng: random.Random) -> str:
    return rng.choice(_OUTCOME)


def indicator(rng: random.Random) -> str:
    return rng.choice(_INDICATOR)


def activity(rng: random.Random) -> str:
    return rng.choice(_ACTIVITY)


def promise(rng: random.Random) -> str:
    return rng.choice(_PROMISE)


def all_sentences() -> list[str]:
    """Every sentence that a narrative may contain, for the test of the dump."""
    pools = (_MET, _STATE, _SAID, _NEXT, _VIEW, _REASON, _CONCLUSION, _CONTACT, _ACTIVITY)
    return [sentence for pool in pools for sentence in pool]
