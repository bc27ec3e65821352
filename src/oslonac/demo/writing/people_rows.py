"""Bulk twins of `people.actions` and of the actions on encounters."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from oslonac.access.roles import Permission
from oslonac.access.rules import Level, Reason, RecordKind
from oslonac.cases.models import Encounter
from oslonac.cases.rules import EncounterOutcome
from oslonac.demo.writing.ledger import Ledger, verb
from oslonac.encounters import actions as encounters_actions
from oslonac.encounters.actions import encounters
from oslonac.kit.text import clean_line, dominant_script
from oslonac.people import actions as people
from oslonac.people import rules
from oslonac.people.models import (
    GroupMember,
    Person,
    PersonName,
    Relation,
    Statement,
    TravelGroup,
)
from oslonac.vault.sealing import seal


class PeopleRows(Ledger):
    """Persons, what is said of them, and the encounters in which they were met."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.names: dict[UUID, list[tuple[PersonName, str]]] = defaultdict(list)
        self.statements: dict[UUID, list[Statement]] = defaultdict(list)
        self.relatives: dict[UUID, list[Person]] = defaultdict(list)
        self.companions: dict[UUID, list[Person]] = defaultdict(list)

    @verb(people.make_person)
    def make_person(self, *, kind: str, record_id: UUID, is_subject: bool = False) -> Person:
        person = self.batch.add(Person(key=self.new_key(), made_at=self.at))
        self.people[person.pk] = person
        self.appear(person, RecordKind(kind), record_id, is_subject=is_subject)
        self.event("person.made", person, data={"in": kind})
        return person

    @verb(people.add_name)
    def add_name(
        self,
        person: Person,
        *,
        full: str,
        given: str = "",
        family: str = "",
        kind: str = rules.NameKind.USED,
        said_by: str = rules.SaidBy.SELF,
        basis: str = rules.Basis.CLAIMED,
    ) -> PersonName:
        full = clean_line(full)
        name = PersonName(
            person=person,
            key=person.key,
            kind=kind,
            script=dominant_script(full),
            said_by=said_by,
            basis=basis,
            written_by_id=self.by.actor.user_id,
            written_at=self.at,
        )
        seal(name, person.key, full=full, given=given, family=family)
        self.batch.add(name)
        self.names[person.pk].append((name, full))
        person.revision += 1
        self.event(
            "name.added",
            name,
            fields=["full", "given", "family"],
            data={"person": person, "script": name.script},
        )
        return name

    @verb(people.state)
    def state(
        self,
        person: Person,
        *,
        attribute: str,
        code: str = "",
        detail: str = "",
        level: str = "",
        birth: tuple[date, date] | None = None,
        calendar: str = "",
        said_by: str = rules.SaidBy.SELF,
        basis: str = rules.Basis.CLAIMED,
    ) -> Statement:
        statement = Statement(
            person=person,
            key=person.key,
            attribute=attribute,
            code=code,
            level=level,
            born_from=birth[0] if birth else None,
            born_to=birth[1] if birth else None,
            calendar=calendar,
            said_by=said_by,
            basis=basis,
            stated_at=self.at,
            recorded_by_id=self.by.actor.user_id,
        )
        seal(statement, person.key, detail=detail)
        self.batch.add(statement)
        self.statements[person.pk].append(statement)
        person.revision += 1
        data = {"person": person, "basis": basis, "said_by": said_by}
        self.event("statement.made", statement, fields=[attribute], data=data)
        return statement

    @verb(people.relate)
    def relate(
        self,
        from_person: Person,
        *,
        to_person: Person,
        kind: str,
        present: bool = False,
        said_by: str = rules.SaidBy.SELF,
        evidence: str = "",
    ) -> Relation:
        relation = Relation(
            from_person=from_person,
            to_person=to_person,
            key=from_person.key,
            kind=kind,
            present=present,
            said_by=said_by,
            stated_at=self.at,
        )
        seal(relation, from_person.key, evidence=evidence)
        self.batch.add(relation)
        self.relatives[from_person.pk].append(to_person)
        data = {"from": from_person, "to": to_person, "kind": kind, "present": present}
        self.event("relation.claimed", relation, data=data)
        return relation

    @verb(people.form_group)
    def form_group(self, *, label: str, members: list[tuple[Person, str]]) -> TravelGroup:
        group = TravelGroup(key=self.new_key(), met_at=self.at)
        seal(group, group.key, label=label)
        self.batch.add(group)
        for person, role in members:
            self.batch.add(GroupMember(group=group, key_id=person.key_id, person=person, role=role))
            self.companions[person.pk] += [other for other, _ in members if other is not person]
        self.event("group.met", group, data={"size": len(members)})
        return group

    def project(self, person: Person) -> None:
        """As `people.queries.project`, over the rows in memory."""
        said: dict[str, list[Statement]] = defaultdict(list)
        for statement in self.statements[person.pk]:
            said[statement.attribute].append(statement)
        if birth := rules.best(said[rules.Attribute.BIRTH]):
            person.born_from, person.born_to = birth.born_from, birth.born_to
        if sex := rules.best(said[rules.Attribute.SEX]):
            person.sex = sex.code
        if citizenship := rules.best(said[rules.Attribute.CITIZENSHIP]):
            person.citizenship = citizenship.code
        order = list(rules.LanguageLevel)
        spoken = sorted(
            said[rules.Attribute.LANGUAGE],
            key=lambda s: order.index(rules.LanguageLevel(s.level or "basic")),
        )
        person.languages = list(dict.fromkeys(s.code for s in spoken))
        names = sorted(self.names[person.pk], key=lambda pair: (pair[0].written_at, pair[0].pk))
        latin = [pair for pair in names if pair[0].script == "Latn"]
        if names:
            seal(person, person.key, shown_name=(latin or names)[0][1])

    @verb(encounters_actions.record_encounter)
    def record_encounter(
        self,
        *,
        location: str = "",
        reporter: str = "",
        interpreter: str = "",
        narrative: str = "",
        **given: Any,
    ) -> Encounter:
        """`given` are columns, named as the action's arguments are."""
        post = self.by.actor.post_for(Permission.ENCOUNTER_RECORD)
        lists = {name: list(given.pop(name, ())) for name in ("present", "needs", "suspicions")}
        encounter = Encounter(
            key=self.new_key(),
            recorded_at=self.at,
            recorded_by_id=self.by.actor.user_id,
            organisation_id=post.organisation_id if post else None,
            **lists,
            **given,
        )
        seal(
            encounter,
            encounter.key,
            location=location,
            reporter=reporter,
            interpreter=interpreter,
            narrative=narrative,
        )
        self.batch.add(encounter)
        self._grant_first_contact(encounter)
        self._note_encounter(encounter)
        return encounter

    def _note_encounter(self, encounter: Encounter) -> None:
        self.event(
            "encounter.recorded",
            encounter,
            fields=["location", "narrative", "reporter"],
            data={
                "happened_at": encounter.happened_at,
                "safety": encounter.safety,
                "present": encounter.present,
                "responsible": encounter.responsible,
            },
        )

    def _grant_first_contact(self, encounter: Encounter) -> None:
        kind, pk = RecordKind.ENCOUNTER, encounter.pk
        self.grant(
            kind,
            pk,
            Level.IDENTITY,
            Reason.FIRST_CONTACT,
            user_id=self.by.pk,
            whereabouts=True,
            until=self.at + timedelta(days=encounters.FIRST_CONTACT_DAYS),
        )
        for role in encounters.OFFICE_ROLES:
            self.grant(
                kind,
                pk,
                Level.IDENTITY,
                Reason.TEAM,
                organisation_id=encounter.responsible_id,
                role=role,
                whereabouts=True,
            )

    @verb(encounters_actions.attach_person)
    def attach_person(self, encounter: Encounter, *, person: Person) -> Encounter:
        encounter.person = person
        encounter.revision += 1
        self.appear(person, RecordKind.ENCOUNTER, encounter.pk, is_subject=True)
        self.event("encounter.person", encounter, data={"person": person})
        return encounter

    @verb(encounters_actions.decide_triage)
    def decide_triage(
        self,
        encounter: Encounter,
        *,
        outcome: str,
        reasons: Sequence[str] = (),
        note: str = "",
        suspicion_decision: str = "",
        reporter_told: bool = False,
    ) -> Encounter:
        encounter.outcome = EncounterOutcome(outcome)
        encounter.outcome_reasons = list(reasons)
        encounter.decided_by_id, encounter.decided_at = self.by.actor.user_id, self.at
        if reporter_told:
            encounter.reporter_told_at = self.at
        encounter.revision += 1
        seal(encounter, encounter.key, outcome_note=note, suspicion_decision=suspicion_decision)
        self.event(
            "triage.decided",
            encounter,
            fields=["outcome", "outcome_note", "suspicion_decision"],
            data={
                "outcome": outcome,
                "reasons": list(reasons),
                "suspicion_decided": bool(suspicion_decision),
            },
        )
        return encounter
