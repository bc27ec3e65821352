"""The promise that Serbian is written as a Serbian office writes it: one word for one thing, in the
catalogue and in the country pack, no man's verb about a named woman, no mark after a date's own.

What a machine can hold is held here; whether it reads well, a person has to say.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
import yaml

from oslonac.config import messages

PACK = Path(__file__).resolve().parents[2] / "packs" / "serbia"
MASTER = polib.pofile(str(messages.MASTER))

# Given up, as a pattern over Cyrillic text, and the term that took its place (docs/glossary.md).
GIVEN_UP = {
    r"\bчинил": "фактор",
    r"\b[Дд]озвол(а|е|у) (дат|заврш|за увид)": "приступ",
    r"[Зз]апечаћ|\b[Пп]ечат": "шифровано",
    r"радно место": "улога",
    r"\bOG RS\b": "„Сл. гласник РС”",
    r"\b[Пп]ролаз(у|ом)?\b": "транзит",
    r"(?<!координационо )\b[Тт]ел(о|у|ом)\b": "орган",
    r"[Пп]отенцијалн\w* жрт": "претпостављена жртва",
    r"[Рр]уководилац центра": "директор центра, руководство центра",
    r"[Сс]тручни радник (ЦСР )?на терену": "теренски радник ЦСР",
    r"[Рр]адник на пријему": "пријемни радник",
    r"[Сс]аветник (центра|за заштиту)": "стручни радник Центра за заштиту жртава",
    r"[Оо]рган који идентификује": "орган надлежан за идентификацију жртава",
    r"[Сс]тарател\w* по (обичају|одлуци)": "особа која се по обичају стара о детету",
    r"[Оо]длука о (старатељству|смештају)": "решење",
    r"[Нн]апи(сати|ши) решење": "донети решење",
    r"[Пп]ристанак је повучен|[Пп]овуци пристанак": "опозвати пристанак",
    r"\b[Зз]абринутости?\b(?<!за забринутост)": "разлог за забринутост",
    r"[Пп]онуђен\w* безбедност": "понуђена заштита",
    r"[Пп]уни? поступак": "потпуно вођење случаја",
    r"\b[Пп]ренос(а|у|ом|и)? (случаја|одбијен|је)": "уступање",
    r"\b[Аа]рбитар": "о надлежности одлучује",
    r"\b[Дд]оспе": "има рок",
    r"\b[Зз]акасне|\b[Зз]акаснел": "прекорачен рок",
    r"\b[Сс]мерниц": "препорука",
    r"\b[Нн]орм(а|е|и|у|ом)\b": "пропис",
    r"(?<![Нн]е )\b[Сс]ме(м|ш|мо|те|ју)?\b": "може",
    r"\b[Сс]андуч": "обавештења",
    r"[Вв]ременски ток": "хронологија",
    r"\b[Сс]кин(и|е|ут|ути)\w*\b|\b[Сс]кида": "укинути, уклонити",
    r"[Дд]невник(а|у|ом)?\b(?! приступа)": "дневник приступа",
    r"[Нн]еобичн\w* читањ": "необичан увид",
    r"(је|си) гледа[ол]": "имао увид",
    r"[Зз]аконско задржавање": "забрана уништавања",
    r"[Рр]адник система": "позадински процес",
    r"[Дд]руг\w+ канцелариј": "служба",
    r"[Уу]тиша(ти|ј|н)|[Уу]тишавањ": "искључити подсетнике",
    r"\bпочива(ју|ло)?\b": "заснива се",
    r"отворен\w* (вам|ти)\b|\bвам (је|су) отворен": "имате увид",
    r"[Сс]оларн\w+ хиџри": "соларна хиџра",
    r"[Пп]остављење": "постављање",
    r"\b[Сс]родств(о|а) (се|је забележено|наведено)": "однос",
    r"\bOslonac\b": "Ослонац",
    r"\d ч\b|\)d (ч|мин)\b": "h, min",
}
DATES = "day|since|until|met|due_on|born"
# Words that say of a named person that he is a man.
MANLY = re.compile(
    r"\b(дао|отворио|одлучио|прегледао|повукао|додао|уклонио|наложио|окончао|предложио|потписао|"
    r"променио|забележио|написао|тражио|пријавио|учинио|обавештен|упитан|пријављен|искључен)\b"
)
PERSON = re.compile(r"%\((name|who|whom|by|stale_by|guardian|person)\)s")
# Words that only look like an order at the head of a duty's title.
NO_ORDERS = {"Први", "Нови", "Поновни", "Смештај"}


def catalogue() -> Iterator[tuple[str, str]]:
    for entry in MASTER:
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            yield f"django.po: {entry.msgid[:60]}", text


def _cyrillic(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "sr-Cyrl" and isinstance(inner, str):
                yield where, inner
            else:
                yield from _cyrillic(inner, where)
    elif isinstance(value, list):
        for inner in value:
            yield from _cyrillic(inner, where)


def pack() -> Iterator[tuple[str, str]]:
    for path in sorted(PACK.rglob("*.yaml")):
        where = str(path.relative_to(PACK))
        read = yaml.safe_load(path.read_text("utf-8"))
        yield from _cyrillic(read, where)
        if path.name == "sr-Cyrl.yaml":
            yield from ((where, text) for text in read["texts"].values())


TEXTS = [*catalogue(), *pack()]


def found(pattern: str | re.Pattern[str]) -> list[tuple[str, str]]:
    return [(where, text) for where, text in TEXTS if re.search(pattern, text)]


def test_there_is_enough_to_look_at() -> None:
    assert len(TEXTS) > 5000
    assert found(r"водитељ случаја") and found(r"„Сл\. гласник РС”, бр\. 59/08")


def test_a_term_that_was_given_up_stays_given_up() -> None:
    wrong = {f"{old} → {new}": hits for old, new in GIVEN_UP.items() if (hits := found(old))}
    assert wrong == {}


def test_the_table_of_terms_can_fail() -> None:
    said = "Арбитар: забринутости утишане, OG RS; други чинилац доспева; она сме све."
    assert sum(bool(re.search(old, said)) for old in GIVEN_UP) >= 5


def test_case_manager_is_always_both_words() -> None:
    assert found(r"\b[Вв]одитељ(а|у|ем|и|има)?\b(?! случаја)(?! се)") == []


def test_no_mark_follows_the_full_stop_of_a_date() -> None:
    """“6. 3. 2026.” ends with a full stop of its own, and loses it before another mark."""
    after = [(w, t) for w, t in catalogue() if re.search(rf"%\(({DATES})\)s[.,:;)]", t)]
    assert [(where, text) for where, text in after if "as of" not in where] == []
    assert found(r"\d{4}\.[.,:;)]") == []


def test_quotation_marks_are_those_of_the_official_gazette() -> None:
    assert found(r"„[^“”]*“") == []
    assert [(w, t) for w, t in TEXTS if t.count("„") != t.count("”")] == []


def test_nobody_named_is_a_man_by_grammar() -> None:
    named = [(where, text) for where, text in catalogue() if PERSON.search(text)]
    assert len(named) > 50
    assert [each for each in named if MANLY.search(each[1])] == []


def test_no_text_offers_two_sexes_with_a_stroke() -> None:
    assert found(r"[а-шђјљњћџ]/(ла|а|на|ица)\b") == []


def test_the_preposition_has_one_form() -> None:
    assert found(r"(?<![\w.])[сС] (?=[\w„%])") == []


def test_duties_are_named_and_not_ordered() -> None:
    """A title on a list of duties is a noun (“Доношење плана”); only buttons give orders."""
    ordered = []
    for path in sorted((PACK / "protocols").glob("*.yaml")):
        for activity in yaml.safe_load(path.read_text("utf-8"))["activities"]:
            if activity.get("observed"):  # what happens, told as a sentence
                continue
            first = activity["title"]["sr-Cyrl"].split()[0]
            if first not in NO_ORDERS and re.search(r"(и|ај|еј|уј|иј)$", first):
                ordered.append((path.name, activity["title"]["sr-Cyrl"]))
    assert ordered == []


def test_consent_and_assent_are_not_swapped() -> None:
    """Consent is “пристанак”; only the child's own assent, and a third party's agreement to a
    document or a search, is “сагласност”."""
    lists = {
        path: dict(_cyrillic(yaml.safe_load(path.read_text("utf-8")), path.name))
        for path in (PACK / "codes").glob("*consent*.yaml")
    }
    assert lists
    bands = (PACK / "codes" / "consent_bands.yaml").read_text("utf-8")
    assert "пристанак даје законски заступник" in bands and "сагласност детета" in bands
    assert not re.search(r"сагласност (законског|родитеља|старатеља)|пристанак детета", bands)
