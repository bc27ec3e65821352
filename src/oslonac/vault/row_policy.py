"""Who can see the rows of a table. Every model of ours declares one `RowPolicy` beside its
`Sensitivity`; `access.row_level` turns the declarations into policies of the database.

Belongs here: the declaration alone, as data. Does not: SQL, the reader's context (`access`).
"""

from dataclasses import dataclass
from enum import Enum, StrEnum


class Bypass(Enum):
    """Why code may look past what the actor sees, for a few statements. Reviewed as one list:
    a table is opened to a purpose only where its own declaration names it."""

    SIGN_IN = (
        "sign_in",
        "Sign-in looks up a user before it is known who acts: the keys of staff names, and "
        "whom they guard or are tied to.",
    )
    GRANTS = (
        "grants",
        "Giving and ending access, after the action has checked that the actor may: the table of "
        "grants itself.",
    )
    PROJECTION = (
        "projection",
        "Recomputing what is derived from a record that was just changed (obligations, soonest "
        "date, the name shown first), from all of it, whatever part the actor reads.",
    )
    UNIQUENESS = (
        "uniqueness",
        "Whether a child already has an open case at a centre: a yes or no, never the case.",
    )
    APPEARANCE = (
        "appearance",
        "Letting relatives and travel companions appear in the case of the child.",
    )
    CASELOAD = (
        "caseload",
        "How many cases a colleague already answers for, when work is given out: a number.",
    )
    CONFLICT = (
        "conflict",
        "Whether a guardian who is proposed has a conflict of interest or too many children: "
        "numbers and a yes or no.",
    )
    NOTICES = (
        "notices",
        "Telling colleagues that something waits for them, and that it no longer does: their "
        "notices, which name kinds and ids.",
    )
    MATCHING = (
        "matching",
        "Whether somebody being written down may be known already: comparing with people the asker "
        "may not see, of whom no name and no reason is shown.",
    )
    JOINED = (
        "joined",
        "Which records were found to be one person, so that any of their ids leads on: ids, of "
        "which only those are used that the reader sees.",
    )
    SIGNALS = (
        "signals",
        "Whether files share a phone number, a guardian or a group leader, or a child is missing "
        "from a register: keyed values and ids, shown only to readers of all of the files.",
    )
    EMERGENCY = (
        "emergency",
        "A case opened in an emergency is found by its number before anybody has a grant on it.",
    )
    TRACING = (
        "tracing",
        "A search says that somebody may be meant, and what agrees, before both sides agreed to "
        "say who: the rows are read, the name is shown to whoever sees the case.",
    )
    RETENTION = (
        "retention",
        "Whether a file may be destroyed, and destroying it: all of the child's rows, whichever "
        "centre wrote them. What is read is told as numbers and grounds.",
    )
    NUMBERS = (
        "numbers",
        "Numbers of cases beside grants and events, which cases are one child's, and when a review "
        "is due, for whoever checks them: nothing else of a case.",
    )

    def __init__(self, code: str, purpose: str) -> None:
        self.code = code
        self.purpose = purpose


class Adding(StrEnum):
    """Who may add a row."""

    SEEN = "seen"  # whoever would then see it (from `add_level`, where that is lower)
    ACTOR = "actor"  # anybody signed in: the record is new, its grants follow
    ANYBODY = "anybody"  # refusals of nobody are events as well
    OPENED = "opened"  # only code that says why (`beyond`), and the system itself


@dataclass(frozen=True)
class Stricter:
    """Rows whose `column` holds one of `values` need more."""

    column: str
    values: tuple[str, ...]
    level: int
    whereabouts: bool = False


@dataclass(frozen=True)
class RowPolicy:
    """How a row hangs on records, and from which level of a grant it is shown.

    One of `record`, `through`, `either`, `carried_by`, `about`, `keys`, `own` or `open` says on
    what (none: the `right` alone shows it); `mine`, `office`, `right` and `bypass` show it
    besides. Column names are those of the database.
    """

    level: int = 10
    record: str = ""  # the row is itself a record of this kind
    through: str = ""  # foreign keys to rows with a RowPolicy; all of them must be shown
    carried_by: str = ""  # "app.Model.field": rows that point here and are shown themselves
    about: str = ""  # columns that hold the id of a record; one of them suffices
    keys: bool = False  # the keys under which other rows are sealed
    own: str = ""  # column that names the user whose row it is
    open: str = ""  # no record at all: the reason why everybody may read it
    written: str = ""  # column of the writing transaction: it may read back what it wrote
    mine: str = ""  # column that names a principal: theirs whatever the record
    either: str = ""  # as `through`, but one of them suffices
    # "app.Model.link.to": rows that point here by `link`; whoever sees `to` of every one of them
    # sees the row, whoever misses one sees nothing. The column `parts` says how many there are.
    all_of: str = ""
    office: str = ""  # column of an organisation: shown to its people who hold `office_right`
    office_right: str = ""
    closes: str = ""  # columns of records: a block on one closes the row, whoever has a right
    right: str = ""  # a permission that shows every row
    bypass: tuple[Bypass, ...] = ()
    stricter: tuple[Stricter, ...] = ()
    add: Adding = Adding.SEEN
    add_level: int = 0
    change: Adding = Adding.SEEN
    # Sealed under a key of its own, which is shown from this level on; 0: to all signed in.
    key_level: int | None = None
    key_often: bool = False  # most keys are of such rows (`access.keys_shown`)
    # Columns that say where a child is. The row is shown to grants that tell it; the others read
    # `row_level.partly`, the same rows with these columns empty.
    apart: str = ""
    apart_if: str = ""  # "link.column": only where this boolean of the linked row holds
    search: bool = False  # also, past sight, through a view that any index may serve
    closed_by: str = ""  # "person": a block that names it closes the row wherever it appears
    whereabouts: bool = False  # only to grants that include whereabouts

    @property
    def hangs(self) -> bool:
        """Whether grants on some record show the row."""
        return bool(
            self.record
            or self.through
            or self.either
            or self.carried_by
            or self.about
            or self.all_of
        )

    def __post_init__(self) -> None:
        said = (self.record, self.through, self.either, self.carried_by, self.about, self.all_of)
        hangs = sum(map(bool, (*said, self.keys, self.own, self.open)))
        if hangs > 1 or not (hangs or self.right):
            raise ValueError("a RowPolicy depends on exactly one thing, or takes a right")
