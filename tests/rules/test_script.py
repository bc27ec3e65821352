"""Serbian in two scripts: what is certain is written in the script of the page, nothing else."""

import pytest
from django.utils import translation

from oslonac.access.roles import Role
from oslonac.demo.cast import CAST, in_own_script
from oslonac.demo.names import _STAFF_F, _STAFF_FAMILY, _STAFF_M
from oslonac.kit.script import for_page, to_cyrillic, to_latin


@pytest.mark.parametrize(
    ("typed", "latin_page"),
    [
        ("Теодора Влајковић", "Teodora Vlajković"),
        ("Љубица Њ. Џомбић-Ђурић", "Ljubica Nj. Džombić-Đurić"),
        ("Teodora Vlajković", "Teodora Vlajković"),
        ("Фарид Рахимий", "Фарид Рахимий"),  # not Serbian letters: as it was typed
        ("فرید رحیمی", "فرید رحیمی"),
        ("", ""),
    ],
)
def test_a_name_in_the_script_of_the_page(typed: str, latin_page: str) -> None:
    assert for_page(typed, "sr-latn") == for_page(typed, "en") == latin_page
    assert for_page(typed, "sr") == typed


def test_names_of_the_demonstration_come_back_from_cyrillic_as_they_went() -> None:
    staff = [m.name for m in CAST if m.role != Role.INTERPRETER]
    names = [*staff, *_STAFF_F, *_STAFF_M, *_STAFF_FAMILY]
    assert [name for name in names if to_latin(to_cyrillic(name)) != name] == []


def test_told_in_serbian_staff_sign_in_cyrillic_and_interpreters_as_their_papers_say() -> None:
    ana = next(member for member in CAST if member.code == "ana")
    interpreter = next(member for member in CAST if member.role == Role.INTERPRETER)
    for language in ("sr", "sr-latn"):
        with translation.override(language):
            assert in_own_script(ana.name, ana.role) == "Ана Костадиновић"
            assert in_own_script(interpreter.name, interpreter.role) == interpreter.name
    with translation.override("en"):
        assert in_own_script(ana.name, ana.role) == "Ana Kostadinović"
