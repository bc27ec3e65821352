"""Beside the twenty stories: children written down twice, and a number that stands in three files,
so that the lists of pairs and of questions have somebody in them."""

from datetime import timedelta

from django.utils.translation import gettext as told

from oslonac.cases.models import Case
from oslonac.demo.scenarios.story import Teller
from oslonac.duplicates import actions, finding
from oslonac.duplicates.models import Pair
from oslonac.links import computing
from oslonac.people.models import Person

UNCLE = "+381 60 000 4417"  # invented


def written_down_twice(t: Teller) -> None:
    """Ismatullah was met by two colleagues who wrote his name in two scripts; nobody has looked
    yet. Yohannes was, too: Ana is sure and waits for a second person. Ismatullah's uncle's number
    stands in a third boy's file as well."""
    first = _met(
        t, 24, "Ismatullah Wardak", told("Asked for his uncle, whose number he knows by heart.")
    )
    second = _met(
        t, 11, "عصمت الله وردک", told("Says he was in Vranje before, and that he went on.")
    )
    other = _met(
        t, 9, "Hekmat Nasrat", told("Shared a tent with boys whose names he does not say.")
    )
    for case in (first, second, other):
        t.stage.state(
            case.person,
            by=t.cast("ana"),
            at=case.opened_at + timedelta(hours=2),
            attribute="phone",
            detail=UNCLE,
            case_id=case.pk,
        )
    speaks = {"citizenship": "ER", "languages": ("ti",), "year": 2010}
    one = _met(t, 19, "Yohannes Tesfay", told("Speaks little, draws boats."), **speaks)
    two = _met(t, 6, "ዮሐንስ ተስፋይ", told("Brought by the police from the motorway."), **speaks)
    for case in (second, two):
        finding.look_at(Person.objects.get(pk=case.person_id), at=t.ago(days=2))
    _asked_for(t, one, two)
    computing.compute(at=t.ago(days=1))


def _met(t: Teller, days: int, name: str, text: str, **more: object) -> Case:
    """A boy met near Miratovac, with a case of Ana's."""
    about = {"citizenship": "AF", "languages": ("ps",), "year": 2011} | more
    met = t.met("teodora", t.ago(days=days, hours=5), text, safety="at_risk")
    person = t.child(met, name, **about)  # type: ignore[arg-type]
    return t.opened(met, person, told("Alone, without papers."))


def _asked_for(t: Teller, one: Case, two: Case) -> None:
    """Ana asks for two records to be joined; her supervisor has not decided yet."""
    ids = sorted((one.person_id, two.person_id))
    ana, at = t.cast("ana"), t.ago(days=1, hours=4)
    pair = Pair.objects.filter(one=ids[0], other=ids[1]).first()
    if pair is None:
        people = [Person.objects.get(pk=pk) for pk in ids]
        pair = actions.name_pair(actor=ana.actor, at=at, person=people[0], other=people[1])
    actions.request_merge(
        actor=ana.actor,
        at=at,
        pair=pair,
        revision=pair.revision,
        survivor=one.person_id,
        why=told("He recognised his own drawing of the boat in the first file."),
        sight_read=True,
    )
