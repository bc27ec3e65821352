"""No character that a person can write stops a paper."""

import sys
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import typst
from django.test import RequestFactory

from oslonac.directory import codes
from oslonac.kit.clock import now
from oslonac.people import actions as people
from oslonac.planning import actions
from oslonac.protocols import paper
from oslonac.protocols.library import current
from oslonac.web import fonts
from oslonac.web.pdf import render_pdf
from oslonac.web.refusals import broken
from tests import cast
from tests.app.test_exports import ask, unzipped

BLOCK = 0x100
BATCH = 4096
NAMES = (
    *("ዮሐንስ ተስፋይ", "মোহাম্মদ আলী", "ਗੁਰਪ੍ਰੀਤ", "王小明", "김민준", "ܝܘܚܢܢ", "ދިވެހި", "محمد علی"),
    *("😀 Ali", "👨‍👩‍👧", "👍🏽", "🇷🇸", "ߒߞߏ", "ⵜⵉⴼⵉⵏⴰⵖ", "𞤀𞤣𞤤𞤢𞤥", "𐴌𐴟𐴇𐴥𐴝𐴚𐴒𐴙𐴝", "සිංහල", "தமிழ்"),
    *("မောင်", "ភាសា", "ລາວ", "ไทย", "ქართული", "Հայերեն", "עברית", "हिन्दी", "తెలుగు", "ಕನ್ನಡ"),
    *("മലയാളം", "ગુજરાતી", "ଓଡ଼ିଆ", "Ɗan Ƙasa", "Nguyễn Thị Ánh", "さくら", "Ljiljana Đurđić"),
)
ALIEN = "\U00010330"  # Gothic: no font of ours


def data(*texts: str) -> dict[str, Any]:
    return {
        **dict.fromkeys(("organisation", "number", "printed", "confidential", "page"), "x"),
        "title": texts[0][:BLOCK],
        "lang": "sr",
        "dir": "ltr",
        "identity": {
            "name": texts[0][:BLOCK],
            "other_names": [texts[0][:BLOCK]],
            "facts": [],
            "flags": [],
        },
        "sections": [
            {"title": "x", "empty": "", "entries": [_entry(text) for text in texts]},
            {"title": "x", "empty": "", "columns": ["x"], "rows": [[texts[0]]]},
        ],
    }


def _entry(text: str) -> dict[str, str]:
    return {"when": "x", "who": "", "title": text[:1], "text": text}


def _written() -> Iterator[str]:
    """Every character that our fonts have (of the long rows of ideographs and syllables each
    eighth), and of each block one that they lack or that nobody has assigned."""
    for start in range(0, sys.maxunicode + 1, BLOCK):
        block = [chr(point) for point in range(start, start + BLOCK)]
        assigned = [c for c in block if unicodedata.category(c) not in ("Cn", "Co", "Cs")]
        has = [char for char in assigned if fonts.printable(char) == char]
        yield from has[:: 8 if unicodedata.name(block[0], "").startswith(("CJK", "HANGUL")) else 1]
        yield from [char for char in block if char not in has][:1]


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the last resort, which would hide what the first attempt cannot print."""
    monkeypatch.setattr(fonts, "plain", None)


def test_every_block_prints(strict: None) -> None:
    everything = list(_written())
    assert len(everything) > 20_000
    for start in range(0, len(everything), BATCH):
        batch = everything[start : start + BATCH]
        texts = [" ".join(batch[i : i + BLOCK]) for i in range(0, len(batch), BLOCK)]
        assert render_pdf("case_summary", data(*texts)).startswith(b"%PDF"), ascii(batch[0])


def test_what_is_drawn_alone_is_drawn_on_other_letters(strict: None) -> None:
    marks = [c for c in _written() if unicodedata.category(c) in ("Mn", "Mc", "Me", "Cf")]
    texts = [
        " ".join(letter + mark for mark in marks) for letter in ("a", "ж", "ب", "ਕ", "王", "👍")
    ]
    assert render_pdf("case_summary", data(*texts)).startswith(b"%PDF")


@pytest.mark.parametrize("name", NAMES)
def test_names_of_the_living_scripts_have_their_letters(name: str) -> None:
    assert fonts.printable(name) == name


@pytest.mark.django_db
def test_every_language_of_the_pack_has_its_letters() -> None:
    names = [str(row.get("native", "")) for row in codes.extras("languages").values()]
    assert len(list(filter(None, names))) >= 20
    assert [name for name in names if fonts.printable(name) != name] == []


def test_what_no_font_holds_stands_as_its_number_and_the_paper_says_so() -> None:
    assert fonts.printable(f"A{ALIEN}b") == "A[U+10330]b"
    assert fonts.printable("\ud800\x00\ufeff") == "[U+D800][U+0000][U+FEFF]"
    assert fonts.printable(f"x\u0301{ALIEN}\u0301").startswith("x\u0301[U+10330]")
    told = render_pdf("case_summary", data(f"Ali {ALIEN}"))
    untold = render_pdf("case_summary", data("Ali [U+10330]"))
    assert len(told) > len(untold) + 100, "the line is missing"


def test_a_paper_that_is_refused_all_the_same_is_set_with_the_first_font(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fonts, "printable", lambda text: text)
    with pytest.raises(typst.TypstError), monkeypatch.context() as patch:
        patch.setattr(fonts, "plain", lambda text: text)
        render_pdf("case_summary", data(f"Ali {ALIEN}"))
    assert render_pdf("case_summary", data(f"Ali {ALIEN} 王")).startswith(b"%PDF")


@pytest.mark.django_db
def test_the_papers_of_a_case_print_whatever_its_names_and_accounts_hold(
    tmp_path: Path, settings: Any
) -> None:
    settings.OSLONAC_STEP_UP = False
    settings.OSLONAC_DATA = str(tmp_path)
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now() - timedelta(hours=3))
    for name in (*NAMES, f"{ALIEN}\u0301 \U000e0041 \uf8ff"):
        people.add_name(actor=ana.actor(), at=now(), person=case.person, full=name, case_id=case.pk)
    actions.record_contact(
        actor=ana.actor(),
        at=now(),
        case=case,
        kind="first",
        happened_at=now() - timedelta(hours=1),
        alone_with_child="yes",
        narrative=f"Rekao je: dobro 👍 {ALIEN}",
    )
    client = ana.client()
    for name in ("summary.pdf", "own.pdf"):
        answer = client.get(f"/cases/{case.pk}/{name}")
        assert answer.status_code == 200, name
        assert answer.content.startswith(b"%PDF"), name
    answer = ask(client, f"/cases/{case.pk}/export/", "court")
    assert answer.status_code == 200
    parts = unzipped(answer.body)
    assert parts["case.pdf"].startswith(b"%PDF")
    assert ALIEN in parts["case.json"].decode(), "the data keep what the paper cannot show"


@pytest.mark.django_db
def test_a_booklet_prints_whatever_the_pack_says(strict: None) -> None:
    booklet = paper.booklet_data(current()[:1])
    (row,) = booklet["procedures"]
    row["title"] = row["title"] + " ዮሐንስ " + ALIEN
    row["diagram"] = row["diagram"].replace("</text>", f" हिन्दी 王 {ALIEN}</text>")
    assert "हिन्दी" in row["diagram"]
    assert render_pdf("sop_booklet", booklet).startswith(b"%PDF")


@pytest.mark.django_db
def test_a_print_that_fails_says_nothing_of_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now() - timedelta(hours=3))
    monkeypatch.setattr("oslonac.cases.views.summary.render_pdf", _fails)
    client = ana.client()
    client.raise_request_exception = False
    answer = client.get(f"/cases/{case.pk}/summary.pdf")
    assert answer.status_code == 500
    assert "could not be made. Nothing was changed." in answer.content.decode()
    assert "was not saved" not in answer.content.decode()
    assert "was not saved" in broken(RequestFactory().post("/")).content.decode()


def _fails(*_args: Any) -> bytes:
    raise typst.TypstError("no glyph")
