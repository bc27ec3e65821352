"""How people write names where they come from: compounds, short forms, abbreviations, keyboards.

Each habit holds in every script that can be read, so each has several; and what is different
people's stays apart.
"""

from itertools import pairwise
from pathlib import Path

import pytest

from oslonac.matching.names import compare
from oslonac.matching.ranking import Register

OTHERS = Path(__file__).with_name("names") / "other_people.tsv"

ONE_NAME = [
    # "Servant of X", in whatever script, with the article assimilated or not, before short names
    ("আব্দুল হক", "Abdul Haq"),
    ("আব্দুর রাজ্জাক", "Abdur Razzaq"),
    ("ਅਬਦੁਲ ਰਹਿਮਾਨ", "Abdul Rahman"),
    ("আবদুর রহমান", "عبد الرحمن"),
    ("אבדול עזיז", "Abdul Aziz"),
    ("عبدالرب", "Abdul Rab"),
    ("عبدالحی", "Abdul Hai"),
    ("আব্দুস সামাদ", "Abdus Samad"),
    ("अब्दुल करीम", "Abdul Karim"),
    ("અબ્દુલ સત્તાર", "Abdul Sattar"),
    ("Αμπντούλ Ραχμάν", "Abdul Rahman"),
    ("აბდულ აზიზ", "Abdul Aziz"),
    ("Աբդուլ Ռահման", "Abdul Rahman"),
    ("አብዱል ከሪም", "Abdul Karim"),
    ("Абдус Салам", "عبد السلام"),
    ("Evdil Kerîm", "Abdul Karim"),
    # what makes a surname, written apart
    ("حسین زاده", "Hosseinzada"),
    ("محمد پور", "Mohammadpour"),
    ("رحیم پور", "Rahimpour"),
    ("کریم نژاد", "Karimnejad"),
    ("Qasim Zadeh", "قاسم‌زاده"),
    # a keyboard's ى for ی, in Persian; an a in Arabic all the same
    ("عثمانى", "Osmani"),
    ("کریمى", "Karimi"),
    ("مصطفى", "Mustafa"),
    # two names as one word
    ("محمدابراهیم", "Mohammad Ibrahim"),
    ("احمدشاه", "Ahmad Shah"),
    ("حبیب الله نوری", "Habib Ullah Noori"),
    # Muhammad shortened, and in Kurdish
    ("মোঃ করিম", "Mohammad Karim"),
    ("Mohd Rahim", "محمد رحيم"),
    ("Mihemed Ali", "Mohammed Ali"),
    ("Silêman Ehmed", "Sulaiman Ahmad"),
    # the Maghreb's French hand
    ("Lahcen Amrani", "حسن عمراني"),
    ("Ouahid Ziani", "Wahid Ziani"),
    ("Abderrezak Mansouri", "عبد الرزاق منصوري"),
    ("Fatima Ezzahra Alami", "Fatima Zahra Alami"),
]
SHORT_FORMS = [
    ("Sasha Shevchenko", "Oleksandr Shevchenko", 0.7),
    ("Вова Мельник", "Volodymyr Melnyk", 0.7),
    ("Nebojša", "Neša", 0.6),
    ("Јован", "Јоца", 0.6),
    ("Живорад Илић", "Žika Ilić", 0.6),
    ("Slobodan Perić", "Boban Perić", 0.6),
    ("Мујо Хоџић", "Mustafa Hodžić", 0.6),
    ("Lj. Petrović", "Ljubomir Petrović", 0.5),
    ("Đ. Jović", "Đorđe Jović", 0.5),
    ("Ш. Ахмади", "Shahin Ahmadi", 0.5),
]
OTHER_PEOPLE = [
    ("Stefan Ilić", "Stevan Ilić", 0.5),
    ("Стефан Илић", "Stevan Ilić", 0.5),
    ("Luka Savić", "Luka Savčić", 0.5),
    ("Zahra Ahmadi", "Zohra Ahmadi", 0.5),
    ("Emina Begić", "Amina Begić", 0.5),
    ("Ana Đurđević", "Ana Đorđević", 0.5),
    ("Abebe Tadesse", "Abeba Tadesse", 0.5),
    ("Emir Hadžić", "Amir Hadžić", 0.5),
    ("Luka Musić", "Luka Mušić", 0.8),
    ("Mohammad Ali Hosseini", "Ali Mohammad Hosseini", 0.7),
    ("احمد رشید نوری", "Rashid Ahmad Noori", 0.7),
    ("Ahmad Hassan", "Hassan Ahmad", 0.7),
    ("Nasrin Abdul Karim", "Nasrin Abdul Rahim", 0.5),
]


@pytest.mark.parametrize(("left", "right"), ONE_NAME)
def test_a_habit_of_writing_makes_no_other_name(left: str, right: str) -> None:
    assert compare(left, right).probability >= 0.9


@pytest.mark.parametrize(
    ("left", "right"), [("محمدعیسی", "Mohammad Essa"), ("Md Karim", "Mohammed Karim")]
)
def test_what_leaves_some_doubt_is_probable_all_the_same(left: str, right: str) -> None:
    assert compare(left, right).probability >= 0.8


@pytest.mark.parametrize(("left", "right", "least"), SHORT_FORMS)
def test_pet_names_and_initials_answer_the_name(left: str, right: str, least: float) -> None:
    assert least <= compare(left, right).probability < 0.95


@pytest.mark.parametrize(("left", "right", "most"), OTHER_PEOPLE)
def test_other_peoples_names_stay_apart(left: str, right: str, most: float) -> None:
    assert compare(left, right).probability < most


@pytest.mark.parametrize("half", ["dev", "held"])
def test_few_names_of_two_people_are_taken_for_one(half: str) -> None:
    rows = [line.split("\t") for line in OTHERS.read_text(encoding="utf-8").splitlines()]
    found = [compare(*row[1:]).probability for row in rows if row[0] == half]
    assert len(found) > 300
    assert sum(p >= 0.8 for p in found) / len(found) < 0.04


@pytest.mark.parametrize(
    "writings",
    [
        ("Ismatullah Wardak", "عصمت الله وردک", "Ismat Ullah Wardak", "Esmatullah Wardak"),
        ("Đorđe Savić", "Ђорђе Савић", "Djordje Savic", "Dorde Savić"),
        ("Mohammad Karimi", "Mohammed Karimi", "محمد کریمی", "Muhamed Karimi"),
        ("Dawit Haile", "ዳዊት ሃይለ", "Davit Hayle"),
    ],
)
def test_whoever_is_written_exactly_so_comes_first(writings: tuple[str, ...]) -> None:
    register = Register(((text, text) for text in writings), None)
    for text in writings:
        answers = register.rank(text).answers
        assert answers[0].id == text
        assert all(one.probability >= other.probability for one, other in pairwise(answers))


def test_a_register_of_servants_is_told_apart_in_bengali() -> None:
    names = ("Abdul Haq", "Kazi Ebadul Haque", "Nurul Haque", "Abul Haque", "Abdul Karim")
    register = Register((name, name) for name in names)
    assert register.rank("আব্দুল হক").answers[0].id == "Abdul Haq"


def test_a_given_name_alone_offers_whoever_is_called_so_in_full() -> None:
    register = Register((name, name) for name in ("Ismatullah Wardak", "Karim Noori", "Ali Safi"))
    assert [one.id for one in register.rank("Ismat").answers] == ["Ismatullah Wardak"]
