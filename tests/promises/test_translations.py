"""The promise that nobody meets a language they did not choose: every text can be translated,
every translation is there, and nothing in it can break a page."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from html.parser import HTMLParser
from uuid import uuid4
from zoneinfo import ZoneInfo

import polib
import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from oslonac.access.actor import Post, actor_of
from oslonac.access.roles import Role
from oslonac.cases import moments
from oslonac.config import messages
from oslonac.config.messages_extract import SRC, Message, collect, in_python, sources
from oslonac.kit.script import to_latin
from oslonac.kit.translations import translation_checked
from oslonac.web.context import page
from tests.http import page_of

MASTER = polib.pofile(str(messages.MASTER))
TEMPLATES = sorted(path for path in SRC.rglob("*.html") if "templates" in path.parts)
HELD_TOGETHER = re.compile(
    r"%\(\w+\)[sd]|%%|%[sd]|\{\w*\}|</?[a-z][^>]*>|&\w+;|https?://[\w./-]+|`[^`]+`"
)


@pytest.fixture(scope="module")
def found() -> dict[Message, list[str]]:
    return collect(sources())


@pytest.fixture(scope="module", autouse=True)
def compiled() -> None:
    messages.compile_all()


# --- the catalogue and the code ----------------------------------------------


def test_catalogue_holds_exactly_the_messages_of_the_code(found: dict[Message, list[str]]) -> None:
    in_code = {message.key for message in found}
    written = {(entry.msgctxt, entry.msgid) for entry in MASTER}
    assert sorted(in_code - written, key=str) == [], "run `oslonac messages extract`"
    assert sorted(written - in_code, key=str) == [], "run `oslonac messages extract`"


def test_every_message_has_a_finished_translation() -> None:
    assert [entry.msgid for entry in messages.untranslated(MASTER)] == []
    assert [entry.msgid for entry in MASTER if entry.obsolete] == []
    counted = [entry for entry in MASTER if entry.msgid_plural]
    assert [e.msgid for e in counted if sorted(e.msgstr_plural) != [0, 1, 2]] == []


def translations(entry: polib.POEntry) -> list[tuple[str, str]]:
    """(source, translation) pairs; a plural form is held against the English plural."""
    if entry.msgid_plural:
        return [(entry.msgid_plural, text) for text in entry.msgstr_plural.values()]
    return [(entry.msgid, entry.msgstr)]


def test_placeholders_and_tags_are_the_same() -> None:
    def held(text: str) -> list[str]:
        return [*sorted(HELD_TOGETHER.findall(text)), f"{text.count(chr(10))} line breaks"]

    pairs = [pair for entry in MASTER for pair in translations(entry)]
    assert [(a, b) for a, b in pairs if held(a) != held(b)] == []
    assert [b for a, b in pairs if b != b.strip() and a == a.strip()] == []


def test_no_text_is_written_twice_with_other_blanks(found: dict[Message, list[str]]) -> None:
    spellings = defaultdict(set)
    for message in found:
        spellings[message.context, " ".join(message.text.split())].add(message.text)
    assert [texts for texts in spellings.values() if len(texts) > 1] == []
    assert [m.text for m in found if m.text != m.text.strip() or "  " in m.text] == []


def test_cyrillic_texts_hold_no_lookalike_letters() -> None:
    """A Latin "a" inside a Cyrillic word looks right and can neither be found nor read aloud."""
    mixed = re.compile(r"[A-Za-zŠĐČĆŽšđčćž][Ѐ-ӿ]|[Ѐ-ӿ][A-Za-zŠĐČĆŽšđčćž]")
    texts = [text for entry in MASTER for _, text in translations(entry)]
    assert [text for text in texts if mixed.search(re.sub(r"\\n|%\(\w+\)[sd]", " ", text))] == []
    assert [text for text in texts if re.search("[ыэъёщйьяю]", text, re.IGNORECASE)] == []


# --- two scripts -------------------------------------------------------------


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Љубав, њива, џеп, Ђорђе, жаба", "Ljubav, njiva, džep, Đorđe, žaba"),
        ("ЉУБАВ И ЊИВА У ЏЕПУ", "LJUBAV I NJIVA U DŽEPU"),
        ("%(name)s: {total} ствари за PDF", "%(name)s: {total} stvari za PDF"),
        (
            '<b class="x">Хитно</b> &nbsp; https://a.rs/њ',
            '<b class="x">Hitno</b> &nbsp; https://a.rs/nj',
        ),
    ],
)
def test_cyrillic_becomes_latin(cyrillic: str, latin: str) -> None:
    assert to_latin(cyrillic) == latin


def test_latin_is_the_cyrillic_and_nothing_else() -> None:
    latin = polib.mofile(str(messages.DERIVED))
    texts = {(e.msgctxt, e.msgid): [text for _, text in translations(e)] for e in latin}
    made = {(e.msgctxt, e.msgid): [to_latin(text) for _, text in translations(e)] for e in MASTER}
    assert [(texts.get(key), latin) for key, latin in made.items() if texts.get(key) != latin] == []
    assert set(texts) == set(made)
    assert not re.search("[Ѐ-ӿ]", "".join(text for each in texts.values() for text in each))


@pytest.mark.parametrize(
    ("language", "one", "two", "five", "own", "framework", "sign_in"),
    [
        ("sr", "1 дан", "22 дана", "5 дана", "Случајеви", "понедељак", "Лозинка"),
        ("sr-latn", "1 dan", "22 dana", "5 dana", "Slučajevi", "ponedeljak", "Lozinka"),
        ("en", "1 day", "22 days", "5 days", "Cases", "Monday", "Password"),
    ],
)
def test_django_finds_both_scripts(
    language: str, one: str, two: str, five: str, own: str, framework: str, sign_in: str
) -> None:
    def days(n: int) -> str:
        return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}

    with translation.override(language):
        assert [days(1), days(22), days(5)] == [one, two, five]
        assert gettext("Cases") == own
        assert gettext("Monday") == framework
        assert gettext("Password") == sign_in


def test_three_forms_of_number() -> None:
    def cases(n: int) -> str:
        return ngettext("%(n)d open case", "%(n)d open cases", n).split(" ", 1)[1]

    with translation.override("sr"):
        assert cases(1) == cases(21) == cases(101) == "отворен случај"
        assert cases(2) == cases(34) == cases(104) == "отворена случаја"
        assert cases(0) == cases(5) == cases(11) == cases(12) == cases(114) == "отворених случајева"


def test_unchecked_translation_says_so() -> None:
    checked_by = MASTER.metadata["X-Checked-By"]
    assert translation_checked("en")
    assert translation_checked("sr") == translation_checked("sr-latn") == bool(checked_by)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "sentence", "tag"),
    [
        ("sr", "Пријави се", "sr-Cyrl"),
        ("sr-latn", "Prijavi se", "sr-Latn"),
        ("en", "Sign in", "en"),
    ],
)
def test_anybody_chooses_the_language_on_any_page(
    client: Client, code: str, sentence: str, tag: str
) -> None:
    answer = client.post(reverse("set_language"), {"language": code, "next": "/account/login/"})
    assert answer.headers["Location"] == "/account/login/"
    shown = page_of(client.get("/account/login/"))
    assert sentence in shown and f'<html lang="{tag}"' in shown
    assert f'action="{reverse("set_language")}"' in shown
    for tag, name in {"en": "English", "sr-Latn": "Srpski", "sr-Cyrl": "Српски"}.items():
        assert re.search(rf'<button[^>]* lang="{tag}"[^>]*>{name}<', shown)


@pytest.mark.django_db
def test_choosing_a_language_leads_to_no_other_site(client: Client) -> None:
    answer = client.post("/language/", {"language": "sr", "next": "https://example.org/"})
    assert answer.headers["Location"] == "/"


@pytest.mark.django_db
def test_only_editors_are_told_that_a_translation_is_unchecked(rf: RequestFactory) -> None:
    if MASTER.metadata["X-Checked-By"]:
        pytest.skip("the translation has been checked")

    def told(role: Role, language: str) -> bool:
        request = rf.get("/")
        request.actor = actor_of(uuid4(), [Post(uuid4(), role)])  # type: ignore[attr-defined]
        with translation.override(language):
            return bool(page(request)["language_unchecked"])

    assert told(Role.EDITOR, "sr") and told(Role.EDITOR, "sr-latn")
    assert not told(Role.EDITOR, "en") and not told(Role.CASE_MANAGER, "sr")


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("en", "6 Mar 2026", "6 Mar 2026, 16:05"),
        ("sr", "6. 3. 2026.", "6. 3. 2026, 16:05"),
        ("sr-latn", "6. 3. 2026.", "6. 3. 2026, 16:05"),
    ],
)
def test_dates_are_written_as_the_language_writes_them(
    language: str, day: str, moment: str
) -> None:
    when = datetime(2026, 3, 6, 16, 5)  # noqa: DTZ001 - as it is read on the wall
    with translation.override(language):
        assert date_format(when, "DATE_FORMAT") == day
        assert date_format(when, "DATETIME_FORMAT") == moment
        assert moments.short(when.replace(tzinfo=ZoneInfo("Europe/Belgrade"))) == moment
        assert "2026," in moments.full(when.replace(tzinfo=ZoneInfo("Europe/Belgrade")))


# --- finding messages --------------------------------------------------------


def test_a_message_is_found_under_any_name() -> None:
    source = """
from django.utils.translation import gettext_lazy as lazy, ngettext, pgettext as ctx
from django.utils import translation
from oslonac.kit.choices import lazy as _
short = lazy
A = [short("one"), _("two"), ngettext("%(n)s case", "%(n)s cases", 2), ctx("month", "May")]
B = translation.gettext("three")
C = print("not this")
for _ in A: pass
"""
    assert set(in_python(source, "x.py")) == {
        Message("one"),
        Message("two"),
        Message("three"),
        Message("%(n)s case", "%(n)s cases"),
        Message("May", None, "month"),
    }


def test_messages_of_a_template_are_what_django_looks_up() -> None:
    from oslonac.config.messages_extract import in_template

    source = """{% load i18n %}{% translate "Save" %}{% translate "May" context "month" %}
{% if a %}{{ b|default:_("none") }}{% include "x.html" with title=_("Title") %}{% endif %}
{% blocktranslate count n=n trimmed %}
  {{ n }} case
{% plural %}{{ n }} cases{% endblocktranslate %}{% translate a %}{% translate "50% done" %}"""
    assert set(in_template(source)) == {
        Message("Save"),
        Message("May", None, "month"),
        Message("none"),
        Message("Title"),
        Message("%(n)s case", "%(n)s cases"),
        Message("50%% done"),
    }


# --- nothing bare ------------------------------------------------------------

SHOWN_ATTRIBUTES = {"title", "alt", "aria-label", "placeholder", "data-key-label", "data-text"}
NAMES = re.compile(r"\b(Oslonac|Shift|API|PDF|JSON|CSV|XLSX|SVG|DCR XML|CSW|Esc|Enter|Ctrl)\b")
COMMENT = re.compile(r"\{%\s*(comment)\b.*?\{%\s*endcomment\s*%\}|\{#.*?#\}", re.DOTALL)
TRANSLATED = re.compile(
    r"\{%\s*blocktrans(late)?\b.*?%\}.*?\{%\s*endblocktrans(late)?\s*%\}", re.DOTALL
)
PAGE_CLASS = re.compile(r"\{% block page_class %\}.*?\{% endblock %\}")
# <{% if head %}th{% else %}td{% endif %}>: an element whose name is chosen.
CHOSEN_NAME = re.compile(r"(?<=<)\{%.*?%\}|(?<=</)\{%.*?%\}")
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
# Tags whose texts are names for the program, not for the reader.
SILENT = re.compile(
    r"\{%\s*(translate|trans|load|include|extends|url|static|block|icon|if|elif|cycle|"
    r"filter|get_\w+|now|drawing|field|for|with\s+\w+=\"[a-z_-]*\")\b"
)
QUOTED = re.compile(r'(?<!_\()"([^"]*)"')


class BareText(HTMLParser):
    """Collects what a reader would see or hear, template language taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in {"script", "style"}
        self.found += [value for name, value in attrs if name in SHOWN_ATTRIBUTES and value]

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.found.append(data)


def bare_texts(source: str) -> Iterator[str]:
    """English words a template shows without asking the catalogue."""
    source = PAGE_CLASS.sub("", TRANSLATED.sub("·", COMMENT.sub("", source)))
    for tag in TAG.findall(source):
        if not SILENT.match(tag):
            yield from (
                t for t in QUOTED.findall(tag) if re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}", t)
            )
    parser = BareText()
    parser.feed(TAG.sub("·", CHOSEN_NAME.sub("x", source)))
    for text in parser.found:
        words = NAMES.sub("", re.sub(r"&\w+;", " ", text))
        if re.search(r"[A-Za-z]{2,}", words):
            yield " ".join(text.split())


# Shown only to those who work on the system, in English: the gallery of components.
ENGLISH_PAGES = {"web/gallery.html"}


def test_templates_show_no_bare_text() -> None:
    paths = [
        path for path in TEMPLATES if not any(str(path).endswith(name) for name in ENGLISH_PAGES)
    ]
    assert len(paths) > 100
    found = {
        str(path.relative_to(SRC)): list(bare_texts(path.read_text("utf-8"))) for path in paths
    }
    assert {path: texts for path, texts in found.items() if texts} == {}


def test_the_scan_sees_bare_text() -> None:
    assert list(bare_texts("<p>Save {{ x }}</p>")) == ["Save ·"]
    assert list(bare_texts('<input placeholder="Your name">{% button "Save it" %}')) == [
        "Save it",
        "Your name",
    ]
    assert list(bare_texts('{% load i18n %}<p>{% translate "Save" %} · 1</p>')) == []


# Calls whose texts a reader sees, and where in the call they stand.
SHOWN_KEYWORDS = {"label", "help_text", "empty_label", "page_title", "heading", "summary", "lead"}
SHOWN_POSITIONS = {
    "Refused": (1,),
    "Fact": (0, 1),
    "Column": (0,),
    "Action": (0,),
    "Flag": (0,),
    "Card": (0,),
    "Notice": (0, 1),
    "Lane": (0,),
    "Due": (0,),
    "Empty": (0, 1),
    "Link": (0,),
    "toast": (1,),
    "ValidationError": (0,),
    "NavItem": (1,),
    "success": (1,),
    "error": (1,),
    "warning": (1,),
}
DATA_CALLS = {"form_group"}  # what a story writes into the database
ENGLISH_MODULES = {"gallery_data.py", "gallery_form.py"}
ENGLISH_FOLDERS = {"migrations", "config"}


def bare_strings(source: str) -> Iterator[str]:
    """Texts in Python that go to a reader without asking the catalogue."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if called in DATA_CALLS:
            continue
        shown = [node.args[n] for n in SHOWN_POSITIONS.get(called, ()) if n < len(node.args)]
        shown += [k.value for k in node.keywords if k.arg in SHOWN_KEYWORDS]
        if called == "Invalid" and node.args and isinstance(node.args[0], ast.Dict):
            shown += node.args[0].values
        for value in shown:
            text = value
            if isinstance(text, ast.JoinedStr):
                text = next((part for part in text.values if _wordy(part)), value)
            if _wordy(text):
                yield f"line {value.lineno}: {called}({text.value!r})"  # type: ignore[attr-defined]


def _wordy(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and bool(re.search(r"[A-Za-z]{2,} [A-Za-z]{2,}|^[A-Z][a-z]+$", node.value))
    )


def test_code_shows_no_bare_text() -> None:
    paths = [
        path
        for path in sources()
        if path.suffix == ".py"
        and path.name not in ENGLISH_MODULES
        and not ENGLISH_FOLDERS & set(path.relative_to(SRC).parts)
    ]
    assert len(paths) > 400
    found = {
        str(path.relative_to(SRC)): list(bare_strings(path.read_text("utf-8"))) for path in paths
    }
    assert {path: texts for path, texts in found.items() if texts} == {}
