"""What searches, pairs, accounts, files and exports refuse, each by its own code."""

import io
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pikepdf
import pytest
from django.urls import reverse
from PIL import Image

from oslonac.access import policy as sight
from oslonac.access.actor import SYSTEM
from oslonac.access.roles import Role
from oslonac.accounts import actions as accounts
from oslonac.audit import unusual
from oslonac.audit.actions import record
from oslonac.audit.models import Event, Unusual
from oslonac.audit.rules import Pattern
from oslonac.cases import actions as cases
from oslonac.config.commands import user_make
from oslonac.documents import actions as documents
from oslonac.documents import queries
from oslonac.documents.inspecting import pdfs, pictures, texts
from oslonac.documents.models import Document
from oslonac.duplicates import actions as duplicates
from oslonac.duplicates.actions import joining as within
from oslonac.duplicates.models import Pair
from oslonac.exchange import contents
from oslonac.kit.clock import now
from oslonac.retention import actions as retention
from oslonac.retention import views
from oslonac.retention.models import Disposal
from oslonac.search import elsewhere, policy
from oslonac.tracing import actions as tracing
from oslonac.tracing.actions.base import move
from oslonac.tracing.models import Candidate
from oslonac.tracing.rules import TraceStatus
from oslonac.vault.models import DataKey
from tests import cast
from tests.app.pairs import Two, make_staff, make_two
from tests.app.searches import asked, child, found, seeker
from tests.app.test_documents import add, pdf
from tests.app.test_tracing import check, verified
from tests.cast import Member
from tests.refusals import answered_with, invalid, refused

__all__ = ["child", "seeker"]
pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


# Searches for somebody


def current(candidate: Candidate) -> dict[str, Any]:
    row = Candidate.objects.get(pk=candidate.pk)
    return {"candidate": row, "revision": row.revision}


def test_a_withdrawn_request_ends_every_step(child: Any, seeker: Member) -> None:
    request = asked(seeker)
    candidate = found(request)
    by: dict[str, Any] = {"actor": seeker.actor(), "at": now()}
    tracing.withdraw_request(**by, request=request, revision=request.revision)
    request.refresh_from_db()
    with refused("tracing.withdrawn"):
        tracing.look_again(**by, request=request)
    with refused("tracing.withdrawn"):
        tracing.seek(**by, request=request, names=["Karim"], relation="child")
    with refused("tracing.withdrawn"):
        tracing.ask_about(**by, **current(candidate))


def test_a_search_is_for_somebody(child: Any, seeker: Member) -> None:
    by: dict[str, Any] = {"actor": seeker.actor(), "at": now()}
    request = tracing.open_request(
        **by, organisation=seeker.organisation, names=["Karim"], may_search=True
    )
    with refused("tracing.nobody"):
        tracing.look_again(**by, request=request)
    with invalid("names"):
        tracing.open_request(**by, organisation=seeker.organisation, names=[" "], may_search=True)
    trace = tracing.seek(**by, request=request, names=["Farid"], relation="child")
    with refused("tracing.step"):
        move(trace, TraceStatus.REUNIFIED, at=now())


def test_a_candidate_stands_where_the_step_begins(child: Any, seeker: Member) -> None:
    ana, candidate = child[1], found(asked(seeker))
    with refused("tracing.candidate"):
        tracing.share(actor=ana.actor(), at=now(), **current(candidate))
    tracing.ask_about(actor=seeker.actor(), at=now(), **current(candidate))
    with refused("tracing.candidate"):
        tracing.ask_about(actor=seeker.actor(), at=now(), **current(candidate))


def test_nobody_is_named_without_the_wish_of_whoever_seeks(child: Any, seeker: Member) -> None:
    ana, candidate = child[1], verified(child, seeker)
    request = candidate.trace.request
    type(request).objects.filter(pk=request.pk).update(may_share=False)
    with refused("tracing.no_sharing"):
        tracing.share(actor=ana.actor(), at=now(), **current(candidate))
    seen = sight.reach(seeker.actor(), candidate.case_id, at=now())
    assert not seen.level


def test_after_living_together_only_visits_are_left(child: Any, seeker: Member) -> None:
    case, ana = child
    candidate = verified(child, seeker)
    by: dict[str, Any] = {"actor": ana.actor(), "at": now()}
    told: dict[str, Any] = {"happened_at": now(), "note": "Zajedno su.", "child_view": "Srećan."}
    with invalid("first_follow_up"):
        tracing.reunify(**by, **current(candidate), first_follow_up=cast.today(), **told)
    soon = cast.today() + 30 * DAY
    with refused("tracing.best_interest"):
        tracing.reunify(**by, **current(candidate), first_follow_up=soon, **told)
    cases.decide_best_interest(**by, case=case, code="reunification", reason="Uz oca.")
    reunion = tracing.reunify(**by, **current(candidate), first_follow_up=soon, **told)
    with refused("tracing.reunified"):
        check(ana, candidate, "sought")
    visit = reunion.follow_ups.get()
    said: dict[str, Any] = {"follow_up": visit, "outcome": "well", "note": "Dobro je."}
    with invalid("next_on"):
        tracing.follow_up(**by, revision=visit.revision, **said, next_on=cast.today())
    tracing.follow_up(**by, revision=visit.revision, **said)
    with refused("tracing.follow_up_done"):
        tracing.follow_up(**by, revision=visit.revision, **said)


# Pairs


@pytest.fixture
def staff() -> dict[str, Member]:
    return make_staff()


@pytest.fixture
def two(staff: dict[str, Member]) -> Two:
    return make_two(staff)


def test_a_pair_is_of_two_and_is_decided_once(staff: dict[str, Member], two: Two) -> None:
    one, other, pair = two

    def by(who: str) -> dict[str, Any]:
        return {"actor": staff[who].actor(), "at": now()}

    def the(row: Pair = pair) -> dict[str, Any]:
        row.refresh_from_db()
        return {"pair": row, "revision": row.revision}

    def requested(who: str) -> Pair:
        joined: Pair = duplicates.request_merge(
            **by(who), **the(), survivor=one.person_id, why="Isti dečak.", sight_read=True
        )
        return joined

    with refused("duplicate.self"):
        duplicates.name_pair(**by("ana"), person=one.person, other=one.person)
    with refused("duplicate.not_named"):  # a comparison brought them together
        duplicates.unname_pair(**by("ana"), **the())
    with refused("duplicate.unasked"):
        duplicates.answer(**by("dragan"), **the(), text="Da.")
    for step in (duplicates.confirm_merge, duplicates.refuse_merge, duplicates.withdraw_merge):
        more: dict[str, Any] = {
            duplicates.confirm_merge: {"sight_read": True},
            duplicates.refuse_merge: {"why": "Nije isti."},
        }.get(step, {})
        with refused("duplicate.step"):  # nobody asked to join them
            step(**by("dragan"), **the(), **more)
    with refused("merge.none"):
        duplicates.unmerge(**by("dragan"), **the(), why="Dvoje su.")
    requested("ana")
    with refused("merge.not_own"):
        duplicates.withdraw_merge(**by("dragan"), **the())
    with refused("duplicate.step"):
        requested("dragan")
    duplicates.withdraw_merge(**by("ana"), **the())
    requested("dragan")
    with refused("merge.own"):
        duplicates.confirm_merge(**by("dragan"), **the(), sight_read=True)
    with refused("merge.own"):
        duplicates.refuse_merge(**by("dragan"), **the(), why="Predomislio se.")
    with invalid("sight_read"):
        duplicates.confirm_merge(**by("zoran"), **the(), sight_read=False)
    duplicates.confirm_merge(**by("zoran"), **the(), sight_read=True)
    for late in ("apart", "ask"):
        with refused("duplicate.step"):
            if late == "ask":
                duplicates.ask(**by("ana"), **the(), question="Isti?")
            else:
                duplicates.say_apart(**by("ana"), **the(), apart="other", why="Dvoje su.")
    with refused("duplicate.self"):  # one record now
        duplicates.name_pair(**by("ana"), person=one.person, other=other.person)
    # By an older pair about the same two.
    with refused("merge.already"):
        within._merge(one.person_id, other.person_id, staff["zoran"].actor(), now())
    pair.refresh_from_db()
    merge = pair.merge
    assert merge is not None
    within._separate(merge, staff["zoran"].actor(), now())
    with refused("merge.none"):
        within._separate(merge, staff["zoran"].actor(), now())


# Accounts and who looks over them


def test_nobody_gives_themselves_a_post_or_takes_off_their_own_second_factor() -> None:
    admin = cast.member("Adam A.", Role.ADMINISTRATOR)
    by: dict[str, Any] = {"actor": admin.actor(), "at": now(), "user": admin.user}
    with refused("membership.own"):
        accounts.give_membership(
            **by, organisation_id=admin.organisation.pk, role="head", starts_on=cast.today()
        )
    with refused("second_factor.own"):
        accounts.take_off_second_factor(**by)
    with invalid("is_active"):
        accounts.change_user(**by, revision=admin.user.revision, name="Adam", is_active=False)


def test_an_account_without_a_password_has_none_to_change() -> None:
    ana = cast.ana()
    ana.user.set_unusable_password()
    ana.user.save(update_fields=["password"])
    with answered_with("password.none"):
        ana.client().get(reverse("account_change_password"))


def test_a_user_is_made_with_a_role_and_an_office_that_exist() -> None:
    given = {"login": "novi", "name": "Novi N.", "role": "head", "organisation": "csw-vranje"}
    with refused("role.unknown"):
        user_make.make(SimpleNamespace(**(given | {"role": "king"})))  # type: ignore[arg-type]
    with refused("organisation.unknown"):
        user_make.make(SimpleNamespace(**(given | {"organisation": "csw"})))  # type: ignore[arg-type]
    assert user_make.make(SimpleNamespace(**given))  # type: ignore[arg-type]


def test_unusual_reading_is_looked_into_once_and_by_another() -> None:
    ana, lidija = cast.ana(), cast.member("Lidija J.", Role.AUDITOR)
    petra = cast.member("Petra N.", Role.AUDITOR, "csw-nis")

    def row(reader: Member) -> Unusual:
        key = DataKey.make()
        key.save(force_insert=True)
        made: Unusual = Unusual.objects.create(
            key=key,
            pattern=Pattern.MANY_FILES,
            reader_id=reader.user.pk,
            role="case_manager",
            starts_at=now(),
            count=40,
            noticed_at=now(),
        )
        return made

    said: dict[str, Any] = {"at": now(), "note": "Bila je provera."}
    with refused("unusual.own"):
        unusual.look_into(actor=lidija.actor(), unusual=row(lidija), **said)
    seen = row(ana)
    with invalid("note"):
        unusual.look_into(actor=lidija.actor(), unusual=seen, at=now(), note=" ")
    unusual.look_into(actor=lidija.actor(), unusual=seen, **said)
    with refused("unusual.done"):
        unusual.look_into(actor=petra.actor(), unusual=seen, **said)


def test_more_of_the_ledger_than_an_export_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    cast.case(cast.teodora(), at=now())
    petra = cast.member("Petra N.", Role.AUDITOR, "csw-nis")
    day = cast.today()
    many = Event.objects.filter(at__date=day).count()
    days: dict[str, Any] = {"at": now(), "since": day, "until": day}
    monkeypatch.setattr(contents, "MOST_EVENTS", many)
    assert contents.ledger(petra.actor(), **days).rows == many
    monkeypatch.setattr(contents, "MOST_EVENTS", many - 1)
    with refused("export.too_much", field="until"):
        contents.ledger(petra.actor(), **days)


# Files


def test_a_picture_of_too_many_pages_or_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    def tiff(pages: int) -> io.BytesIO:
        made = io.BytesIO()
        frames = [Image.new("L", (10, 10)) for _each in range(pages)]
        frames[0].save(made, format="TIFF", save_all=True, append_images=frames[1:])
        made.seek(0)
        return made

    kind: Any = SimpleNamespace(code="tiff")
    monkeypatch.setattr(pictures, "MOST_PAGES", 2)
    assert pictures.made_anew(tiff(2), kind)[1] == 2
    with refused("document.pages", field="file"):
        pictures.made_anew(tiff(3), kind)
    monkeypatch.setattr(pictures, "MOST_PIXELS", 200)
    assert pictures.made_anew(tiff(2), kind)[1] == 2
    monkeypatch.setattr(pictures, "MOST_PIXELS", 199)  # each is small, both are too much
    with refused("document.pixels", field="file"):
        pictures.made_anew(tiff(2), kind)
    with refused("document.broken", field="file"):
        pictures.made_anew(io.BytesIO(b"II*\0nonsense"), kind)


def test_a_pdf_that_is_locked_acts_or_is_broken() -> None:
    def made(act: str = "", **how: Any) -> io.BytesIO:
        pdf = pikepdf.new()
        pdf.add_blank_page()
        if act:
            pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name(act), F="x")
        content = io.BytesIO()
        pdf.save(content, **how)
        return content

    assert pdfs.check(made()) == 1
    with refused("document.locked", field="file"):
        pdfs.check(made(encryption=pikepdf.Encryption(owner="o", user="u")))
    for act in ("/Launch", "/SubmitForm", "/JavaScript", "/GoToE", "/ImportData", "/Rendition"):
        with refused("document.active", field="file"):
            pdfs.check(made(act))
    assert pdfs.check(made("/URI")) == 1  # nothing happens until somebody presses it
    with refused("document.broken", field="file"):
        pdfs.check(io.BytesIO(b"%PDF-1.7 nonsense"))


def test_a_text_that_is_none() -> None:
    texts.check(io.BytesIO("Тражи га тетка.".encode()))
    for wrong in (b"\xff\xfe\x00", b"a\x00b", "Тражи".encode()[:-1]):
        with refused("document.type", field="file"):
            texts.check(io.BytesIO(wrong))


def test_a_document_whose_file_is_gone_or_that_was_removed(tmp_path: Path, settings: Any) -> None:
    settings.OSLONAC_DATA, settings.OSLONAC_STEP_UP = str(tmp_path), False
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now() - DAY)
    add(ana.client(), case, pdf())
    row = Document.objects.get(case=case)
    assert b"".join(queries.content_of(row))
    for path in (tmp_path / "files").rglob("*"):
        if path.is_file():
            path.unlink()
    with refused("document.lost"):
        queries.content_of(row)
    given: dict[str, Any] = {"actor": ana.actor(), "at": now(), "document": row}
    documents.remove(**given, revision=row.revision, reason="Greška.")
    row.refresh_from_db()
    with refused("document.removed"):
        queries.content_of(row)
    with refused("document.status"):
        documents.remove(**given, revision=row.revision, reason="Još jednom.")


# Retention


def test_who_was_destroyed_is_not_destroyed_again(settings: Any) -> None:
    settings.OSLONAC_STEP_UP = False
    case = cast.case(cast.teodora(), cast.ana(), at=now() - DAY)
    DataKey.objects.filter(pk=case.person.key_id).update(destroyed_at=now())
    case = type(case).objects.get(pk=case.pk)
    head = cast.member("Zoran Ilić", Role.HEAD)
    with refused("disposal.gone"):
        retention.propose(
            actor=head.actor(), at=now(), case=case, ground="court", reference="K 1/26"
        )


def test_a_proposal_is_answered_by_a_button() -> None:
    request: Any = SimpleNamespace(POST={}, actor=SYSTEM, at=now())
    with refused("disposal.decision"):
        views._decide(request, Disposal())


# Questions to other offices


def test_only_who_may_asks_other_offices_and_not_again_and_again() -> None:
    ana = cast.ana()
    rule = policy.rule_for(ana.actor())
    assert rule.asks
    filters: Any = SimpleNamespace(born=lambda day: None)
    question: Any = SimpleNamespace(name="Farid Rahimi", phone="", document="", born=None)

    def ask(who: Member, **more: Any) -> Any:
        put = SimpleNamespace(**(vars(question) | more))
        return elsewhere._checked(who.actor(), put, filters, "child_present", now())  # type: ignore[arg-type]

    interpreter = cast.member("Ivo P.", Role.INTERPRETER)
    with refused("search.not_yours"):
        ask(interpreter)
    with invalid("q"):
        ask(ana, name="Farid")
    assert ask(ana, name="Farid", born=(1, 2)) == rule

    def asked_before(ago: timedelta, times: int) -> None:
        for _each in range(times):
            at = now() - ago
            record(elsewhere.EVENT, actor=ana.actor(), at=at, kind="search", record_id=uuid4())

    asked_before(timedelta(minutes=1), rule.an_hour - 1)
    assert ask(ana) == rule
    asked_before(timedelta(minutes=1), 1)
    with refused("search.too_often"):
        ask(ana)
    assert ask(cast.jelena()) is not None
