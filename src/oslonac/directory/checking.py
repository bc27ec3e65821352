"""Everything that is wrong with the files of a pack, each with file, line and a sentence, and how
much was found in them. Procedures are checked by `protocols.checking`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from oslonac.access.roles import Role, problems_of
from oslonac.country.reading import OFFICES, PACK, PLACEMENTS, ROLES, BadPack, examine
from oslonac.country.values import Country, Task
from oslonac.directory.actions import CONTACT_KINDS
from oslonac.directory.models import PlaceKind
from oslonac.directory.packfiles import Entry, PackFiles
from oslonac.kit.translations import CATALOGUES
from oslonac.protocols.reading import Problem

AREAS, MUNICIPALITIES, POINTS = (
    "places/areas.yaml",
    "places/municipalities.csv",
    "places/points.csv",
)
SERVICES = "services/classification.yaml"
# Lists that forms of the product offer. Without one of them a form has nothing to choose from.
LISTS = (
    "care_arrangements",
    "citizenships",
    "closure_reasons",
    "concerns",
    "consent_bands",
    "consent_purposes",
    "document_kinds",
    "guardian_end_reasons",
    "identity_documents",
    "languages",
    "legal_grounds",
    "not_endangered_reasons",
    "plan_goal_domains",
    "referral_sources",
    "reopening_reasons",
    "search_answers",
    "search_purposes",
    "transfer_reasons",
    "urgent_needs",
)
# What is read elsewhere, or by people; anything else in the folder is read by nobody.
READ = (
    "README.md", PACK, ROLES, OFFICES, PLACEMENTS, "reminders.yaml", "retention.yaml",
    AREAS, MUNICIPALITIES, POINTS, SERVICES, "services/measures.yaml", "law/*.yaml",
    "organisations/*.y*ml", "codes/*.y*ml", "protocols/*.y*ml", "portal/own_file/*.yaml",
)  # fmt: skip
INSIDE = {"organisations", "cities", "lines"}


@dataclass
class Checked:
    """What a check found, and the files it read. `counts` are in the order of telling."""

    problems: list[Problem]
    counts: dict[str, int]
    files: PackFiles

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.warning]


def check(folder: Path) -> Checked:
    """Check places, organisations, services, code lists, roles and kinds of a pack."""
    return _Check(PackFiles(folder)).run()


class _Check:
    """One walk over a pack, from what others refer to, to what refers to it."""

    def __init__(self, files: PackFiles) -> None:
        self.files = files
        self.country, problems = examine(files.folder)
        for bad in problems:
            self._bad(bad)
        self.places: set[str] = set()

    def run(self) -> Checked:
        self._country()
        self._all_places()
        services = self._services()
        self._organisations(services)
        self._codes()
        self._unread()
        problems = [p for document in self.files.documents for p in document.problems]
        ordered = sorted(set(problems), key=lambda p: (p.warning, p.file, p.line, p.message))
        return Checked(ordered, self._counts(services), self.files)

    def _bad(self, bad: BadPack) -> None:
        document = self.files.document(bad.file)
        named = bad.sentence.split(" ", 1)[0].endswith(":")  # begins with the name of a key
        sentence = bad.sentence if named else bad.sentence[:1].upper() + bad.sentence[1:]
        document.complain(bad.where, "pack", sentence)

    def _say(self, file: str, sentence: str, *where: str | int, warning: bool = False) -> None:
        self.files.document(file).complain(where, "pack", sentence, warning=warning)

    def _country(self) -> None:
        if not (self.files.folder / PACK).is_file():
            self._say(PACK, "The file is missing.")
        if self.country is None:
            return
        for bad in problems_of(self.country.roles):
            self._bad(bad)
        self._needed(self.country)
        for tag in self.country.languages:
            if tag not in CATALOGUES:
                sentence = f"Pages are not translated into “{tag}”: they are shown in English."
                self._say(PACK, sentence, "staff_languages", warning=True)
        for file, key, found in (
            (ROLES, "roles", self.country.roles),
            (OFFICES, "kinds", self.country.offices),
            (PLACEMENTS, "kinds", self.country.placements.kinds),
        ):
            for entry in self.files.listed(file, key):
                if entry.values.get("code") in found:
                    self._texts(entry, "title")

    def _needed(self, country: Country) -> None:
        """What nobody can work without."""
        if country.roles and not country.roles_like([Role.ADMINISTRATOR]):
            self._say(ROLES, "No role has the archetype administrator: nobody could add users.")
        tasks = {
            Task.COMPETENT: "no case can be opened",
            Task.HOUSES: "no child can be placed in a house",
        }
        for task, lost in tasks.items():
            if not country.offices_that(task):
                self._say(OFFICES, f"No kind of office has “does: [{task}]”: {lost}.", "kinds")
        if not country.placements.kinds:
            self._say(PLACEMENTS, "No kinds: no child can be placed.", "kinds")

    def _texts(self, entry: Entry, key: str) -> None:
        """A text in every language of the country's staff."""
        texts = entry.values.get(key)
        if not isinstance(texts, dict) or not texts:
            entry.complain(f"{key} is missing, as in {key}: {{en: …}}.", key)
            return
        for tag in self.country.languages if self.country else ():
            if not texts.get(tag):
                entry.complain(f"{key} is missing in “{tag}”.", key, warning=True)

    def _all_places(self) -> None:
        areas = list(self.files.listed(AREAS, "areas"))
        towns, points = self.files.table(MUNICIPALITIES), self.files.table(POINTS)
        for entry in [*areas, *towns, *points]:
            self._once(entry, "code", self.places)
        for entry in areas:
            self._texts(entry, "names")
        for entry in towns:
            self._refers(
                entry, "area_code", self.places, needed=not entry.values.get("parent_code")
            )
            self._refers(entry, "parent_code", self.places)
        for entry in points:
            self._refers(entry, "municipality_code", self.places, needed=True)
        for entry in [*towns, *points]:
            self._place(entry)

    def _place(self, entry: Entry) -> None:
        if entry.values.get("kind") not in PlaceKind.values:
            entry.complain(f"kind: “{entry.values.get('kind')}” is no kind of place.")
        if not any(value for key, value in entry.values.items() if key.startswith("name_")):
            entry.complain("The place has no name; columns are called name_en, name_fr, ….")
        for key in ("lat", "lon"):
            try:
                float(entry.values.get(key) or 0)
            except ValueError:
                entry.complain(f"{key}: “{entry.values[key]}” is no number.")

    def _once(self, entry: Entry, key: str, taken: set[str]) -> None:
        code = str(entry.values.get(key) or "")
        if not code:
            entry.complain(f"{key} is missing.")
        elif code in taken:
            entry.complain(f"{key}: “{code}” stands for another entry already.", key)
        taken.add(code)

    def _refers(
        self, entry: Entry, key: str, known: Collection[str], *, needed: bool = False
    ) -> None:
        """Every code that an entry names must be known."""
        value = entry.values.get(key)
        named = value if isinstance(value, list) else [value] if value else []
        if needed and not named:
            entry.complain(f"{key} is missing.")
        for code in named:
            if str(code) not in known:
                entry.complain(f"{key}: there is no “{code}” in this pack.", key)

    def _services(self) -> set[str]:
        return {str(entry.get("code")) for entry in self.files.services if entry.get("code")}

    def _organisations(self, services: set[str]) -> None:
        for name in self.files.names("organisations"):
            if not INSIDE & self.files.values(name).keys():
                keys = ", ".join(sorted(INSIDE))
                self._say(name, f"The file holds none of the lists {keys}.")
        bodies = [body for _city, body in self.files.city_bodies]
        own = [service for _city, service in self.files.city_services]
        ids: set[str] = set()
        for entry in [*self.files.organisations, *own, *bodies, *self.files.lines]:
            self._once(entry, "id", ids)
        for entry in [*self.files.organisations, *own]:
            self._organisation(entry, "names", services)
        for entry in bodies:
            self._organisation(entry, "title", services)
        for entry in self.files.lines:
            self._texts(entry, "names")
        for entry in self.files.cities:
            self._refers(entry, "place", self.places, needed=True)
        for entry in [*self.files.organisations, *own, *self.files.lines]:
            self._refers(entry, "part_of", ids)
            self._refers(entry, "operator", ids)
        self._competent()

    def _organisation(self, entry: Entry, names: str, services: set[str]) -> None:
        kinds = self.country.offices if self.country else {}
        self._texts(entry, names)
        self._refers(entry, "kind", kinds, needed=True)
        self._refers(entry, "place", self.places)
        self._refers(entry, "covers", self.places)
        self._refers(entry, "services", services)
        for place, contact in enumerate(entry.values.get("contacts") or ()):
            kind = contact.get("kind") if isinstance(contact, dict) else contact
            if kind not in CONTACT_KINDS:
                known = ", ".join(CONTACT_KINDS)
                entry.complain(f"contacts: “{kind}” is not one of {known}.", "contacts", place)

    def _competent(self) -> None:
        """Children are met where some office answers for them."""
        kinds = self.country.offices_that(Task.COMPETENT) if self.country else ()
        if kinds and not [e for e in self.files.organisations if e.values.get("kind") in kinds]:
            known = ", ".join(kinds)
            self._say(OFFICES, f"No organisation is of a competent kind ({known}).", "kinds")

    def _codes(self) -> None:
        for name in self.files.names("codes"):
            self._list(name)
        for listed in LISTS:
            if not (self.files.folder / f"codes/{listed}.yaml").is_file():
                sentence = "The list is missing: forms that ask for it have nothing to choose."
                self._say(f"codes/{listed}.yaml", sentence, warning=True)

    def _list(self, name: str) -> None:
        values = self.files.values(name)
        if values.get("list") != Path(name).stem:
            self._say(name, f"list: the name must be that of the file, {Path(name).stem}.", "list")
        taken: set[str] = set()
        for entry in self.files.listed(name, "codes"):
            self._once(entry, "code", taken)
            self._texts(entry, "title")

    def _unread(self) -> None:
        folder = self.files.folder
        known = {path for pattern in READ for path in folder.glob(pattern)}
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path not in known and not path.name.startswith("."):
                name = path.relative_to(folder).as_posix()
                self._say(
                    name, "Nothing reads this file; its place or name is wrong.", warning=True
                )

    def _counts(self, services: Collection[str]) -> dict[str, int]:
        files, country = self.files, self.country
        return {
            "roles": len(country.roles) if country else 0,
            "kinds of office": len(country.offices) if country else 0,
            "kinds of placement": len(country.placements.kinds) if country else 0,
            "places": len(self.places),
            "organisations": len(files.organisations) + len(files.city_bodies),
            "services of cities": len(files.city_services),
            "phone lines": len(files.lines),
            "kinds of service": len(services),
            "code lists": len(files.names("codes")),
        }
