"""Steps that record identity. Each adds a statement; earlier statements are kept."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from oslonac.cases.steps.registry import CASE, Doing, Group, Step, register
from oslonac.people import actions, rules
from oslonac.steps.fields import Coded, Line, Pick, Words
from oslonac.steps.forms import StepForm
from oslonac.web.fields import CalendarDateField

OTHER = (
    rules.Attribute.ORIGIN,
    rules.Attribute.HEALTH,
    rules.Attribute.EDUCATION,
    rules.Attribute.WISH,
    rules.Attribute.OTHER,
)


class Stated(StepForm):
    """What every statement carries: who said it and how it is known."""

    said_by = Pick(rules.SaidBy, label=_("Who says so"), initial=rules.SaidBy.SELF)
    basis = Pick(rules.Basis, label=_("How it is known"), initial=rules.Basis.CLAIMED)

    def shape(self, doing: Doing) -> None:
        """The source comes last."""
        self.order_fields([name for name in self.fields if name not in ("said_by", "basis")])


class Name(Stated):
    full = Line(label=_("The whole name"), help_text=_("As it is written, in any script."))
    given = Line(label=_("Given name"), required=False)
    family = Line(label=_("Family name"), required=False)
    kind = Pick(rules.NameKind, label=_("What kind of name"))


class Birth(Stated):
    born = CalendarDateField(
        label=_("When was the person born?"),
        help_text=_("A year alone is enough. Keep the calendar the person used."),
    )
    detail = Words(required=False, label=_("Exact words, said or written"), rows=2)


class Sex(Stated):
    code = Pick(rules.Sex, label=_("Sex"))


class Citizenship(Stated):
    code = Coded("citizenships", label=_("Citizenship"))


class Language(Stated):
    code = Coded("languages", label=_("Language"))
    level = Pick(rules.LanguageLevel, label=_("How well they speak it"))


class Document(Stated):
    code = Coded("identity_documents", label=_("Document"))
    detail = Line(required=False, label=_("Number, who issued it, until when"))


class Phone(Stated):
    detail = Line(
        label=_("Phone number"), help_text=_("With the country code, and whose phone it is.")
    )


class Address(Stated):
    detail = Words(
        rows=2,
        label=_("Address"),
        help_text=_("Only people whose access includes the whereabouts can see it."),
    )


class OtherFact(Stated):
    attribute = Pick(
        rules.Attribute, *(a for a in rules.Attribute if a not in OTHER), label=_("About what")
    )
    detail = Words(label=_("What was said or seen"))


def _stating(attribute: str) -> Any:
    def run(doing: Doing, data: dict[str, Any]) -> Any:
        born = data.get("born")
        detail = data.get("detail", "")
        if attribute in (rules.Attribute.PHONE, rules.Attribute.ADDRESS):
            detail = actions.clean_text(detail, "detail", required=True)
        return actions.state(
            actor=doing.actor,
            at=doing.at,
            person=doing.case.person,
            attribute=data.get("attribute") or attribute,
            code=data.get("code", ""),
            detail=detail,
            level=data.get("level", ""),
            birth=(born.first, born.last) if born else None,
            calendar=born.calendar.value if born else "",
            said_by=data["said_by"],
            basis=data["basis"],
            case_id=doing.case.pk,
            request_key=doing.request_key,
        )

    return run


def _statement(slug: str, title: Any, form: Any, attribute: str, done: Any) -> Step:
    return Step(
        action=actions.state,
        on=CASE,
        slug=slug,
        title=title,
        form=form,
        run=_stating(attribute),
        done=done,
        anchor="identity",
        group=Group.IDENTITY,
        help=_("Earlier statements stay beside the new one."),
        aliases={"year": "born"},
    )


register(
    Step(
        action=actions.add_name,
        on=CASE,
        slug="name",
        title=_("Add a name or spelling"),
        form=Name,
        given=lambda doing: {"person": doing.of.person, "case_id": doing.of.pk},
        done=_("The name is added beside the others."),
        anchor="identity",
        group=Group.IDENTITY,
        help=_("Names already written stay."),
        initial=lambda doing: {"kind": rules.NameKind.USED},
    ),
    _statement(
        "birth",
        _("Record a date of birth"),
        Birth,
        rules.Attribute.BIRTH,
        _("The statement on the age is recorded with its source."),
    ),
    _statement("sex", _("Record the sex"), Sex, rules.Attribute.SEX, _("Recorded.")),
    _statement(
        "citizenship",
        _("Record a citizenship"),
        Citizenship,
        rules.Attribute.CITIZENSHIP,
        _("The citizenship is recorded."),
    ),
    _statement(
        "language",
        _("Record a language"),
        Language,
        rules.Attribute.LANGUAGE,
        _("The language is recorded."),
    ),
    _statement(
        "document",
        _("Record a document"),
        Document,
        rules.Attribute.DOCUMENT,
        _("The document is recorded."),
    ),
    _statement("phone", _("Record a phone number"), Phone, rules.Attribute.PHONE, _("Recorded.")),
    _statement(
        "address",
        _("Record an address"),
        Address,
        rules.Attribute.ADDRESS,
        _("The address is recorded."),
    ),
    _statement("fact", _("Record another fact"), OtherFact, rules.Attribute.OTHER, _("Recorded.")),
)
