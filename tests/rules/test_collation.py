"""Lists that people read are in the order of the country's alphabets, in one place of the code."""

import ast
import random
from pathlib import Path

import pytest

from oslonac.country import alphabetical
from oslonac.kit.collation import Collation


def list_of(letters: str) -> list[str]:
    return letters.split()


SRC = Path(__file__).resolve().parents[2] / "src" / "oslonac"
LATIN = list_of("a b c č ć d dž đ e f g h i j k l lj m n nj o p r s š t u v z ž")
CYRILLIC = list_of("а б в г д ђ е ж з и ј к л љ м н њ о п р с т ћ у ф х ц ч џ ш")
# In the order in which they must come.
NAMES = [
    *("Ada", "Bač", "Bačka Palanka", "Bačka Topola", "Bački Petrovac", "Bajina Bašta", "Čačak"),
    *("Čajetina", "Čoka", "Ćuprija", "Despotovac", "Džep", "Đurđevo", "Loznica", "Lučani"),
    *("Ljig", "Ljubovija", "Majdanpek", "Mali Iđoš", "Niš", "Novi Sad", "Njegoševo"),
    *("Sečanj", "Subotica", "Šabac", "Šid", "Zrenjanin", "Žabalj"),
]
CYRILLIC_NAMES = [
    *("Ада", "Бајина Башта", "Бач", "Бачка Паланка", "Бачка Топола", "Бачки Петровац"),
    *("Врање", "Врњачка Бања", "Вршац", "Ђурђево", "Књажевац", "Кучево", "Мајданпек"),
    *("Мали Иђош", "Ниш", "Нови Сад", "Његошево", "Ћуприја", "Чајетина", "Чачак", "Чока"),
    *("Џеп", "Шабац", "Шид"),
]


@pytest.mark.parametrize("names", [LATIN, CYRILLIC, NAMES, CYRILLIC_NAMES])
def test_the_alphabets_of_the_country(names: list[str]) -> None:
    mixed = random.Random(7).sample(names, len(names))
    assert sorted(mixed, key=alphabetical) == names
    assert sorted([name.upper() for name in mixed], key=alphabetical) == [n.upper() for n in names]


def test_other_letters_numbers_and_scripts_have_a_place() -> None:
    said = [
        "Žid",
        "Ana 10",
        "Ana 2",
        "Ána",
        "ana-marija",
        "Zoë",
        "Žarko",
        "محمد",
        "Ђорђе",
        "ዮሐንስ",
        "",
    ]
    order = [
        "",
        "Ána",
        "Ana 2",
        "Ana 10",
        "ana-marija",
        "Zoë",
        "Žarko",
        "Žid",
        "Ђорђе",
        "محمد",
        "ዮሐንስ",
    ]
    assert sorted(said, key=alphabetical)[1:] == sorted(order, key=alphabetical)[1:] == order[1:]
    # The composed and the decomposed letter are one.
    assert alphabetical("C\u030cačak")[0] == alphabetical("Čačak")[0]


def test_a_country_without_alphabets_sorts_by_base_letters() -> None:
    plain = Collation()
    assert sorted(["Zoe", "Émile", "Eva", "adam"], key=plain.key) == ["adam", "Émile", "Eva", "Zoe"]
    assert sorted(["ljetopis", "luka"], key=plain.key) == ["ljetopis", "luka"]


def _sorts_by_code_points(call: ast.Call) -> bool:
    """Whether a call sorts by something folded or by a bare label instead of `alphabetical`."""
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    key = next((word.value for word in call.keywords if word.arg == "key"), None)
    if name not in ("sorted", "sort", "dictsort") or key is None:
        return False
    if isinstance(key, ast.Name):
        return key.id == "str"
    used = {getattr(node, "attr", getattr(node, "id", "")) for node in ast.walk(key)}
    return "alphabetical" not in used and bool(
        used & {"casefold", "lower", "fold", "label", "title", "name"}
    )


# Order for machines, not for people: names of codes, of pins; bars that begin at one moment.
FOR_MACHINES = ("config/", "steps/questions.py", "web/drawings/")


def test_nothing_sorts_names_in_another_way() -> None:
    found = [
        f"{path.relative_to(SRC)}:{node.lineno}"
        for path in sorted(SRC.rglob("*.py"))
        if not str(path.relative_to(SRC)).startswith(FOR_MACHINES)
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and _sorts_by_code_points(node)
    ]
    assert found == []
    example = ast.parse("sorted(rows, key=lambda row: row.title.casefold())", mode="eval").body
    assert isinstance(example, ast.Call) and _sorts_by_code_points(example)
    assert "dictsort" not in "".join(p.read_text("utf-8") for p in SRC.rglob("*.html"))
