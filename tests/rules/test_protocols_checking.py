"""What `oslonac protocol check` refuses: with file, line and a sentence."""

import json
from pathlib import Path

import pytest

from oslonac.config.cli import main
from oslonac.protocols.checking import Report, check_paths

HEAD = """protocol: small
version: 1
title: {en: Small, sr-Cyrl: Мало, sr-Latn: Malo}
sources:
  law: {verified: true, read: made up}
activities:
"""


def title(text: str) -> str:
    return f"{{en: {text}, sr-Cyrl: {text}, sr-Latn: {text}}}"


def box(id_: str, *lines: str, who: str = "case_manager") -> str:
    start = f"  - id: {id_}\n    title: {title(id_.upper())}\n    who: {who}\n    source: law\n"
    return start + "".join(f"    {line}\n" for line in lines)


def report(tmp_path: Path, *parts: str, head: str = HEAD) -> Report:
    (tmp_path / "small.yaml").write_text(head + "".join(parts), "utf-8")
    (found,) = check_paths([tmp_path])
    return found


def error(found: Report) -> tuple[str, int]:
    (problem,) = found.errors
    assert problem.file.endswith("small.yaml")
    assert problem.message.endswith((".", "?"))
    return problem.code, problem.line


def test_a_good_protocol_has_nothing_to_complain_of(tmp_path: Path) -> None:
    found = report(tmp_path, box("aa"), box("bb", "due: [{after: aa, within: {hours: 24}}]"))
    assert found.problems == ()


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: [1, 2", "yaml", 2),
        ("", "yaml", 1),
        ("- just\n- a list\n", "yaml", 1),
        ("a: &x 1\nb: *x\n", "alias", 2),
        ("protocol: aa\nprotocol: bb\n", "duplicate", 2),
        ("protocol: !!python/object:os.system x\n", "yaml", 1),
        ("a: " + "[" * 40 + "]" * 40, "yaml", 1),
        ("a: \t\x00", "yaml", 1),
    ],
)
def test_bad_yaml_is_refused_with_its_line(tmp_path: Path, text: str, code: str, line: int) -> None:
    problem = report(tmp_path, text, head="").errors[0]
    assert (problem.code, problem.line) == (code, line), problem


def test_files_that_are_no_text_or_not_there_are_told(tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_bytes(b"\xff\xfe\x00")
    assert check_paths([tmp_path])[0].errors[0].code == "encoding"
    assert check_paths([tmp_path / "none.yaml"])[0].errors[0].code == "unreadable"


def test_a_slip_of_a_key_is_named_and_the_right_one_proposed(tmp_path: Path) -> None:
    found = report(tmp_path, box("aa", "condtions: [aa]"))
    assert error(found) == ("unknown_key", 11)
    assert "“conditions”" in found.errors[0].message


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("due: [{after: aa, within: {months: 1000000000}}]", "amount"),
        ("due: [{after: aa, within: {hours: 99999999999999999999}}]", "amount"),
        ("due: [{after: aa, within: {fortnights: 2}}]", "amount"),
        ("due: [{after: aa, within: {hours: -1}}]", "amount"),
        ("due: [{after: aa, within: {hours: two}}]", "amount"),
        ("due: [{after: nowhere}]", "unknown_activity"),
        ("conditions: [nowhere]", "unknown_activity"),
        ("due: [{after: aa, when: facts.priority = 1}]", "guard"),
        ("due: [{after: aa, when: facts.priorty == 'urgent'}]", "unknown_fact"),
        ("due: [{after: aa, when: facts.priority == 'urgnt'}]", "impossible_value"),
        ("due: [{after: aa, on: tomorrow}]", "path"),
        ("due: [{after: aa, until: started}]", "deadline"),
        ("due: [{after: aa, source: nowhere}]", "unknown_source"),
        ("done_by: [case.exploded]", "unknown_event"),
        ("form: nowhere", "unknown_form"),
        ("done_by: [{event: contact.made, when: data.mood == 'good'}]", "unknown_data"),
        ("within: nowhere", "unknown_group"),
        ("observed: true\n    due: [{after: aa}]", "observed_duty"),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path: Path, line: str, code: str) -> None:
    found = report(tmp_path, box("aa"), box("bb", line))
    assert {p.code for p in found.errors} == {code}, found.errors
    assert found.errors[0].line in (15, 16)


def test_an_unknown_role_is_refused(tmp_path: Path) -> None:
    assert error(report(tmp_path, box("aa", who="wizard"))) == ("unknown_role", 9)


def test_a_copy_needs_an_event_that_names_it(tmp_path: Path) -> None:
    found = report(tmp_path, box("aa", "each: concern", "done_by: [case.opened]"))
    assert error(found)[0] == "nameless_event"


def test_two_activities_of_one_name_are_refused(tmp_path: Path) -> None:
    assert error(report(tmp_path, box("aa"), box("aa"))) == ("duplicate", 11)


def test_two_protocols_that_claim_one_activity_are_refused(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(HEAD.replace("small", "other") + box("aa"), "utf-8")
    (tmp_path / "small.yaml").write_text(HEAD + box("aa"), "utf-8")
    first, second = check_paths([tmp_path])
    assert first.errors == []
    (problem,) = second.errors
    assert (problem.code, problem.line) == ("claimed_twice", 7)
    assert "other.yaml, line 7" in problem.message


def test_groups_in_a_circle_are_refused(tmp_path: Path) -> None:
    groups = f"groups:\n  - {{id: gg, title: {title('G')}, within: hh}}\n"
    groups += f"  - {{id: hh, title: {title('H')}, within: gg}}\n"
    head = HEAD.replace("activities:\n", groups + "activities:\n")
    found = report(tmp_path, box("aa"), head=head)
    assert {p.code for p in found.errors} == {"cycle"}
    assert "gg → hh → gg" in found.errors[0].message


def test_inclusions_in_a_circle_are_named(tmp_path: Path) -> None:
    found = report(
        tmp_path,
        box("aa", "included: false", "includes: [bb]"),
        box("bb", "included: false", "includes: [aa]"),
    )
    assert [p.code for p in found.errors] == ["cycle", "cycle"]
    assert "aa → bb → aa" in found.errors[0].message


def test_a_condition_nobody_can_meet_is_told_with_what_it_waits_for(tmp_path: Path) -> None:
    waiting = (box("bb", "conditions: [cc]"), box("cc", "conditions: [bb]"))
    found = report(tmp_path, box("aa"), *waiting)
    assert {p.code for p in found.errors} == {"unreachable"}
    assert "“BB” can never be done: at the very start, it waits for “CC”." in str(found.errors[0])


def test_an_activity_nothing_includes_is_unreachable(tmp_path: Path) -> None:
    found = report(tmp_path, box("aa", "included: false"))
    assert error(found) == ("unreachable", 7)
    assert "nothing includes it" in found.errors[0].message


def test_a_duty_that_can_lock_is_told_with_the_steps_that_lead_there(tmp_path: Path) -> None:
    found = report(
        tmp_path,
        box("aa", "due: [{after: bb}]"),
        box("bb"),
        box("cc", "excludes: [dd]"),
        box("dd"),
        box("ee", "due: [{after: bb}]", "conditions: [ff]"),
        box("ff", "conditions: [dd]", "excludes: [ff]"),
        box("gg", "due: [{after: cc}]", "milestones: [gg]"),
    )
    problem = next(p for p in found.errors if p.code == "deadlock")
    assert problem.trace == ("cc",)
    assert "“GG” can become due and then never be done: after “CC”" in problem.message


def test_a_missing_translation_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.yaml").write_text("languages: [en, sr-Cyrl, sr-Latn]\n", "utf-8")
    found = report(tmp_path, box("aa").replace(", sr-Latn: AA", ""))
    assert found.errors == []
    assert [p.code for p in found.warnings] == ["untranslated"]
    assert "sr-Latn" in found.warnings[0].message


def test_a_deadline_without_a_source_is_a_warning(tmp_path: Path) -> None:
    text = box("bb", "due: [{after: aa}]").replace("    source: law\n", "")
    found = report(tmp_path, box("aa"), text)
    assert [p.code for p in found.warnings] == ["no_source"]


def test_the_command_answers_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "small.yaml").write_text(HEAD + box("aa", who="wizard"), "utf-8")
    assert main(["protocol", "check", str(tmp_path), "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)["protocols"]
    assert (found["id"], found["version"], found["warnings"]) == ("small", "1", [])
    assert found["errors"][0]["line"] == 9


def test_the_pack_of_serbia_has_no_error_and_no_warning() -> None:
    folder = Path(__file__).parents[2] / "packs" / "serbia"
    reports = check_paths([folder])
    assert len(reports) >= 20
    assert [str(p) for found in reports for p in found.problems] == []


def test_editors_complete_what_the_loader_takes() -> None:
    from jsonschema import Draft202012Validator

    from oslonac.protocols import shape
    from oslonac.protocols.pack import files, load

    Draft202012Validator.check_schema(shape.schema())
    validator = Draft202012Validator(shape.schema())
    serbia = [
        load(path).document.values
        for path in files([Path(__file__).parents[2] / "packs" / "serbia"])
    ]
    assert serbia
    for values in serbia:
        assert [error.message for error in validator.iter_errors(values)] == []
    for key, wrong in (("activities", [{"id": "aa"}]), ("groups", [{"id": "aa", "title": {}}])):
        assert list(validator.iter_errors(serbia[0] | {key: wrong})), key


def test_what_includes_itself_in_a_circle_is_refused_taking_turns_is_not(tmp_path: Path) -> None:
    circle = report(tmp_path, box("aa", "includes: [bb]"), box("bb", "includes: [aa]"))
    assert error(circle) == ("cycle", 7)
    late = ("included: false", "includes: [aa]")
    found = report(tmp_path, box("aa", "includes: [bb]"), box("bb", *late))
    assert error(found)[0] == "cycle"
    itself = report(tmp_path, box("aa", "includes: [aa]"))
    assert error(itself) == ("cycle", 7)
    turns = report(
        tmp_path,
        box("aa", "includes: [bb]", "excludes: [aa]"),
        box("bb", "included: false", "includes: [aa]", "excludes: [bb]"),
    )
    assert turns.errors == []


def test_a_day_that_no_event_brings_and_a_law_that_ends_before_it_begins(tmp_path: Path) -> None:
    found = report(
        tmp_path,
        box("aa", "done_by: [case.opened]"),
        box("bb", "due: [{after: aa, on: data.whenever}]"),
    )
    assert error(found) == ("unknown_data", 16)
    dates = "verified: true, in_force_from: '2026-05-01', in_force_until: '2025-05-01'"
    head = HEAD.replace("verified: true", dates)
    assert error(report(tmp_path, box("aa"), head=head)) == ("date", 5)


def test_names_have_to_fit_and_languages_to_be_languages(tmp_path: Path) -> None:
    long = HEAD.replace("  law:", f"  {'l' * 61}: {{verified: false}}\n  law:")
    assert error(report(tmp_path, box("aa"), head=long)) == ("shape", 5)
    odd = HEAD.replace("{en: Small", "{1: Klein, en: Small")
    assert error(report(tmp_path, box("aa"), head=odd)) == ("shape", 3)
