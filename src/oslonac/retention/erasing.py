"""What is deleted with an erased person besides the keys: facts in readable columns.

Names, contacts, addresses and narratives went with the key. Left in the clear are the codes that
statistics need; those that could still point at one child are made coarse: the day of birth
becomes the year, languages and the codes of single statements go. Sex, citizenship and the dates
of the procedure stay, and statistics hide small numbers.
"""

from datetime import date

from oslonac.people.models import Appearance, Person, Statement, TravelGroup
from oslonac.retention.models import Hold
from oslonac.vault.erasers import Erased


def erase(erased: Erased) -> None:
    """Make the readable columns of a person coarse. Safe to repeat."""
    for person in Person.objects.filter(key_id__in=erased.key_ids):
        Person.objects.filter(pk=person.pk).update(
            born_from=date(person.born_from.year, 1, 1) if person.born_from else None,
            born_to=date(person.born_to.year, 12, 31) if person.born_to else None,
            languages=[],
            shown_name=None,
        )
        person.names.all().delete()
        # Relatives and companions must not lead from one record to another any more.
        person.relations.all().delete()
        person.related_from.all().delete()
        person.groups.all().delete()
        Appearance.objects.filter(person=person, is_subject=False).delete()
    Statement.objects.filter(key_id__in=erased.key_ids).delete()
    TravelGroup.objects.filter(key_id__in=erased.key_ids).update(label=None)
    Hold.objects.filter(key_id__in=erased.key_ids).update(text=None, end_text=None)
