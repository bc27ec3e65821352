"""Search over the API: visible people and cases, people at other offices, who may be known.

Questions travel in the body, answers carry what the pages show: names only where they are open.
"""

from typing import Annotated
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.cases.api.case import CaseOut, shown_cases
from oslonac.cases.rules import CaseStatus
from oslonac.matching.index.actions import say_distinct
from oslonac.people.queries import person as visible_person
from oslonac.people.rules import Sex
from oslonac.search import asking, elsewhere, filters, wording
from oslonac.search.asking import Hit
from oslonac.web.api import ApiRequest, Code, Id, In, Line, Out, operation, perform

router = Router(tags=["Search"])
Age = Annotated[int | None, Field(ge=0, le=120)]


class SearchIn(In):
    """What is searched, and what must not contradict it; not known never contradicts."""

    text: Annotated[
        Line, Field(description="A name in any script, a case number, a phone or a document.")
    ]
    sex: Annotated[Sex | None, Field(description="female or male.")] = None
    age_from: Age = None
    age_to: Age = None
    place: Annotated[Line, Field(description="Where somebody was met.")] = ""
    status: CaseStatus | None = None
    mine: bool = False

    def filters(self) -> filters.Filters:
        known_sex = self.sex in (Sex.FEMALE, Sex.MALE)
        return filters.Filters(
            sex=self.sex.value if self.sex is not None and known_sex else "",
            age_from=self.age_from,
            age_to=self.age_to,
            place=self.place.replace("\x00", "").strip(),
            status=self.status.value if self.status else "",
            mine=self.mine,
        )


class ElsewhereIn(SearchIn):
    purpose: Annotated[Code, Field(description="A code of the list `search_purposes`.")]


class HitOut(Out):
    """Somebody who may be meant."""

    person: UUID
    name: str
    written: str = Field(description="The writing that is like what was asked, if another one.")
    also: list[str] = Field(description="Names of records that were joined with this one.")
    probability: float = Field(description="That this is the person, among all of such a name.")
    name_probability: float = Field(description="That the names are one.")
    reasons: list[str]
    records: list[str] = Field(description="Where the person appears, as far as it is open.")


class FoundOut(Out):
    people: list[HitOut]
    cases: list[CaseOut]
    remarks: list[str] = Field(description="What limits the answer; empty when nothing does.")


class OfficeOut(Out):
    organisation: UUID
    name: str
    previews: list[str]


class ElsewhereOut(Out):
    """What may be said of records that are not open, by the pack's policy."""

    offices: list[OfficeOut] = Field(description="Offices to ask; their contacts are public.")
    relayed: bool = Field(
        description="True: offices that keep confidentiality get a notice, if there are any. "
        "The same whether somebody was found or not."
    )


class DistinctIn(In):
    other: UUID


class DistinctOut(Out):
    id: UUID
    one: UUID
    other: UUID


def hits(found: list[Hit]) -> list[HitOut]:
    return [
        HitOut(
            person=hit.person.pk,
            name=hit.name,
            written=hit.other_writing,
            also=hit.also,
            probability=round(hit.found.probability, 4),
            name_probability=round(hit.found.name_probability, 4),
            reasons=wording.sentences(hit.found.reasons),
            records=[line.title for line in hit.records],
        )
        for hit in found
    ]


@operation(router, "POST", "/searches", Permission.CASE_READ)
def search(request: ApiRequest, body: SearchIn) -> FoundOut:
    """Finds people and cases you can see, the likeliest first.

    The question is kept as a keyed hash only; names shown are recorded as read.
    """
    result = asking.find(request.actor, body.text, body.filters(), at=request.at)
    if result.asked:
        asking.note_asked(request.actor, result, at=request.at)
    cases, _opened = shown_cases(request, [row.case for row in result.cases])
    return FoundOut(
        people=hits(result.people),
        cases=cases,
        remarks=[wording.remark(each) for each in result.answer.remarks],
    )


@operation(router, "POST", "/searches/elsewhere", elsewhere.look)
def search_elsewhere(request: ApiRequest, body: ElsewhereIn) -> ElsewhereOut:
    """Asks whether other offices know a person. The purpose is recorded in the ledger.

    Needs two names, or a name and an age, or a whole number. Says what the policy allows.
    """
    found = elsewhere.ask(
        actor=request.actor,
        at=request.at,
        asked=asking.read(body.text),
        filters=body.filters(),
        purpose=body.purpose,
    )
    return ElsewhereOut(
        offices=[
            OfficeOut(
                organisation=each.organisation.pk,
                name=str(each.organisation),
                previews=list(each.previews),
            )
            for each in found.offices
        ],
        relayed=found.relayed,
    )


@operation(router, "POST", "/people/{person_id}/distinct", say_distinct, status=201)
def say_two(request: ApiRequest, person_id: Id, body: DistinctIn) -> DistinctOut:
    """Records that two records are of two people. The pair is not proposed again."""
    row = perform(
        request,
        say_distinct,
        person=visible_person(request.actor, person_id, at=request.at),
        other=visible_person(request.actor, body.other, at=request.at),
    )
    return DistinctOut(id=row.pk, one=row.one_id, other=row.other_id)
