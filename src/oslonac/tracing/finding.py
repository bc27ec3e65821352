"""Possible matches in the register for a person sought, by name, facts and family.

The index proposes, `matching.persons` compares, and the structure of the family decides between
those who are alike: a father who seeks names the father of the child, and brothers sought together
are likelier to be two registered brothers than two strangers. Weights of facts are those of
`matching`; the one for a family sought together is `TOGETHER` below.

Reads past the sight of whoever asks. What comes out is shown to them without a name
(`queries.candidate_lines`); nothing of it is shown to the seeker.
"""

import json
import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from oslonac.access.rules import RecordKind
from oslonac.matching.evidence import Reason, gettext_noop
from oslonac.matching.index import scope, service
from oslonac.matching.index.answering import comparer, records_of
from oslonac.matching.index.question import Question
from oslonac.matching.persons import SENTENCES, Record
from oslonac.matching.words import logistic
from oslonac.people import merging
from oslonac.people.models import Appearance, GroupMember, Person, Relation
from oslonac.people.rules import RelationKind, Verification
from oslonac.tracing import joined
from oslonac.tracing.models import Trace

TOP = 10
LEAST = 0.10  # of a probability: less likely people are not proposed
# Nats for two people sought together who are registered as relatives or in one travel group.
# Not learned: about what the same father's name brings (`matching/tables`), kept a little lower.
TOGETHER = 2.0
TOGETHER_CODE = "sought_together"
TOGETHER_SENTENCE = gettext_noop(
    "Somebody else who is sought here may be registered as a relative or companion of this person"
)
# What a parent who seeks says of the child's family by being who they are.
PARENT = {
    (RelationKind.CHILD, "male"): "father",
    (RelationKind.CHILD, "female"): "mother",
}


@dataclass(frozen=True)
class Proposal:
    """Somebody of the register who may be meant."""

    person_id: UUID
    probability: float
    reasons: tuple[Reason, ...]

    def as_text(self) -> str:
        """Reasons as they are sealed: codes, sentences and values, so that readers get their
        language and what may be told does not hang on the wording of a sentence."""
        return json.dumps(
            [
                [reason.code, reason.template, reason.values, round(reason.weight, 2)]
                for reason in self.reasons
            ],
            ensure_ascii=False,
        )

    @property
    def agrees(self) -> list[str]:
        """Kinds of evidence that speak for it, without a value: what may be said to anybody."""
        return sorted({kind_of(reason) for reason in self.reasons if reason.weight > 0} - {""})


# Sentences of rows that were sealed without codes, word for word as they were written then.
_OLD: Mapping[str, str] = {
    "Same sex": "sex_same",
    "Same country of origin: %(left)s": "country_same",
    "A language in common: %(left)s": "language_shared",
    "Born on the same day: %(left)s": "birth_day",
    "Days of birth differ as by a slip of the pen: %(left)s and %(right)s": "birth_slip",
    "Possible days of birth overlap: %(left)s and %(right)s": "birth_year",
    "Days of birth are within two years: %(left)s and %(right)s": "birth_near",
    "Days of birth are two to four years apart: %(left)s and %(right)s": "birth_far",
    "Days of birth are far apart: %(left)s and %(right)s": "birth_apart",
    "The father's names agree: %(left)s and %(right)s": "father_same",
    "The father's names differ: %(left)s and %(right)s": "father_other",
    "The mother's names agree: %(left)s and %(right)s": "mother_same",
    "The mother's names differ: %(left)s and %(right)s": "mother_other",
    "Travelled in the same group": "group_same",
    "Travelled in different groups": "group_other",
    "The same document number": "document_same",
    "Different document numbers": "document_other",
    "The same phone number": "phone_same",
    "Different phone numbers": "phone_other",
    "The same mark: %(left)s": "marks_shared",
    "Somebody else who is sought here may be registered as a relative or companion of this "
    "person": TOGETHER_CODE,
}


def reasons_of(text: str) -> list[Reason]:
    """Reasons from their sealed text. Older rows hold no codes: theirs are found by the
    whole sentence, as it stood then."""
    found = []
    for row in json.loads(text):
        code, template, values, weight = row if len(row) == 4 else (_OLD.get(row[0], ""), *row)
        found.append(Reason(SENTENCES.get(code, template), values, weight, code))
    return found


# What may be told of a fact without a value. What has no code is evidence of names.
KINDS: Mapping[str, str] = {
    "sex_same": "sex",
    "country_same": "country",
    "language_shared": "language",
    "birth_day": "birth",
    "birth_slip": "birth",
    "birth_year": "birth",
    "birth_near": "birth",
    "birth_far": "birth",
    "birth_apart": "birth",
    "father_same": "family",
    "father_other": "family",
    "mother_same": "family",
    "mother_other": "family",
    TOGETHER_CODE: "family",
    "group_same": "group",
    "group_other": "group",
    "document_same": "document",
    "phone_same": "phone",
    "marks_shared": "mark",
}


def kind_of(reason: Reason) -> str:
    """What of a reason may be told to anybody. A fact that no line of KINDS names is not told."""
    return KINDS.get(reason.code, "") if reason.code else "name"


def look(traces: Sequence[Trace]) -> dict[UUID, list[Proposal]]:
    """Proposals for each trace of one request, by trace id, the likeliest first."""
    with scope.past_sight():
        described = _described(traces)
        found = {trace.pk: _alike(trace, described[trace.person_id]) for trace in traces}
        tied = _ties({p.person_id for some in found.values() for p in some})
    return {
        pk: _each_once(
            sorted(
                (_with_family(each, pk, found, tied) for each in some),
                key=lambda each: (-each.probability, each.person_id),
            )
        )[:TOP]
        for pk, some in found.items()
    }


def _each_once(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Of several records of one person the likeliest, which come first."""
    first = joined.firsts(each.person_id for each in proposals)
    best: dict[UUID, Proposal] = {}
    for each in proposals:
        best.setdefault(first[each.person_id], each)
    return list(best.values())


def _described(traces: Sequence[Trace]) -> dict[UUID, Record]:
    """Those sought as records, with what whoever seeks brings by who they are."""
    known = records_of([trace.person_id for trace in traces])
    seekers = records_of([trace.request.seeker_id for trace in traces])
    described = {}
    for trace in traces:
        record = known.get(trace.person_id, Record())
        seeker = seekers.get(trace.request.seeker_id, Record())
        parent = PARENT.get((RelationKind(trace.relation), seeker.sex))
        if parent and seeker.names and not getattr(record, parent):
            record = _child_of(record, parent, seeker.names[0])
        described[trace.person_id] = record
    return described


def _child_of(record: Record, parent: str, name: str) -> Record:
    return replace(record, father=name) if parent == "father" else replace(record, mother=name)


def _alike(trace: Trace, record: Record) -> list[Proposal]:
    """People who appear in cases, compared in full."""
    ids = _candidates(trace, record)
    people = _with_parents(records_of(sorted(ids)))
    proposals = []
    for person_id, other in people.items():
        compared = comparer().compare(record, other)
        if compared.probability >= LEAST:
            proposals.append(Proposal(person_id, compared.probability, compared.reasons))
    return proposals


def _candidates(trace: Trace, record: Record) -> set[UUID]:
    born = None
    if record.birth_from and record.birth_to:
        born = (record.birth_from, record.birth_to)
    found: set[UUID] = set()
    for name in record.names:
        asked = Question(
            text=name, sex=record.sex, born=born, country=record.country, languages=record.languages
        )
        answer = service.find(asked, scope.EVERYBODY, top=4 * TOP)
        found |= {each.person_id for each in answer.found}
    # Themselves, and the seeker, are nobody's find, under none of their records.
    own = joined.all_of([trace.person_id, trace.request.seeker_id])
    in_cases = Person.objects.filter(pk__in=found - own, appearances__record_kind=RecordKind.CASE)
    return set(in_cases.values_list("pk", flat=True))


def _with_parents(people: Mapping[UUID, Record]) -> dict[UUID, Record]:
    """The same people with the names of their registered parents."""
    parents = Relation.objects.filter(
        from_person__in=people, kind__in=(RelationKind.FATHER, RelationKind.MOTHER)
    ).exclude(status=Verification.REFUTED)
    rows = list(parents.values_list("from_person_id", "kind", "to_person_id"))
    names = records_of([to for _child, _kind, to in rows])
    found = dict(people)
    for child, kind, to in rows:
        known = names.get(to)
        if known and known.names:
            found[child] = _child_of(found[child], kind, known.names[0])
    return found


def _ties(ids: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """Who among these people is registered as a relative or companion of whom, under any of their
    records."""
    parts = merging.groups(ids)
    tied = _registered_ties({each for own in parts.values() for each in own})
    near = {pk: {other for each in own for other in tied[each]} for pk, own in parts.items()}
    return {
        pk: {
            other for other, of in parts.items() if of != parts[pk] and not near[pk].isdisjoint(of)
        }
        for pk in parts
    }


def _registered_ties(listed: Collection[UUID]) -> defaultdict[UUID, set[UUID]]:
    tied: defaultdict[UUID, set[UUID]] = defaultdict(set)
    related = Relation.objects.filter(from_person__in=listed, to_person__in=listed)
    for one, other in related.values_list("from_person_id", "to_person_id"):
        tied[one].add(other)
        tied[other].add(one)
    groups: dict[UUID, set[UUID]] = defaultdict(set)
    members = GroupMember.objects.filter(person__in=listed)
    for group, person in members.values_list("group_id", "person_id"):
        groups[group].add(person)
    for together in groups.values():
        for one in together:
            tied[one] |= together - {one}
    return tied


def _with_family(
    proposal: Proposal,
    trace_id: UUID,
    found: Mapping[UUID, Sequence[Proposal]],
    tied: Mapping[UUID, set[UUID]],
) -> Proposal:
    """Likelier when another person sought in the same request may be one of their relatives."""
    others = {each.person_id for pk, some in found.items() if pk != trace_id for each in some}
    if not tied.get(proposal.person_id, set()) & (others - {proposal.person_id}):
        return proposal
    odds = _logit(proposal.probability) + TOGETHER
    reasons = (*proposal.reasons, Reason(TOGETHER_SENTENCE, {}, TOGETHER, TOGETHER_CODE))
    return Proposal(proposal.person_id, logistic(odds), reasons)


def _logit(probability: float) -> float:
    inside = min(max(probability, 1e-9), 1 - 1e-9)
    return math.log(inside / (1 - inside))


def appearances(people: Iterable[UUID]) -> list[tuple[UUID, UUID]]:
    """(person, case) for people who appear in cases, the latest last."""
    rows = Appearance.objects.filter(person__in=people, record_kind=RecordKind.CASE)
    return list(rows.order_by("pk").values_list("person_id", "record_id"))
