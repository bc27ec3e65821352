"""What somebody asks of the register, and what it answers.

Belongs here: the types that other packages see. Does not: finding anything.
"""

from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from oslonac.matching.evidence import Reason, gettext_noop
from oslonac.matching.persons import Record

LONGEST = 2_000  # characters of a question that are read
CUT = gettext_noop(
    "More people have a name like “%(word)s” than were compared. Add another name or a year "
    "of birth."
)
CUT_PAIR = gettext_noop(
    "More people have names like this than were compared. Add a third name or a year of birth."
)
AS_CLOSE = gettext_noop(
    "At least %(count)s more people have a name as close as these. Add a year of birth or "
    "another name."
)
REBUILDING = gettext_noop(
    "The index of names is being rebuilt. Some people may be missing here until it is done."
)
LEFT_OUT = gettext_noop("Only %(read)s words of what you typed were searched, the rarest ones.")
NOTHING_TO_READ = gettext_noop(
    "There is no name in this that can be read: type at least two letters, or a number."
)
SAME_PHONE = gettext_noop("The same phone number was noted")
SAME_DOCUMENT = gettext_noop("The same document number was noted")


@dataclass(frozen=True, slots=True)
class Question:
    """`text`: a name in any script; `phone` and `document`: as typed. `sex` ("female", "male")
    and `born` weigh in the ranking; with `only` nobody who contradicts them is found."""

    text: str = ""
    sex: str = ""
    born: tuple[date, date] | None = None
    country: str = ""
    languages: frozenset[str] = frozenset()
    phone: str = ""
    document: str = ""
    only: bool = False

    @property
    def years(self) -> tuple[int, int] | None:
        return (self.born[0].year, self.born[1].year) if self.born else None

    def record(self) -> Record:
        """As a record to compare with others."""
        first, last = self.born or (None, None)
        return Record(
            names=(self.text,) if self.text else (),
            birth_from=first,
            birth_to=last,
            sex=self.sex,
            country=self.country,
            languages=self.languages,
        )


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who may be meant. `name`: the writing that answers best. `probability`: of the
    person, among all who bear such a name; `name_probability`: that the names are one."""

    person_id: UUID
    name: str
    probability: float
    name_probability: float
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """`remarks`: whatever limits the answer, in sentences; empty when nothing does."""

    found: tuple[Found, ...] = ()
    compared: int = 0
    remarks: tuple[Reason, ...] = field(default=())
