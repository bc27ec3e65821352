"""Steps on documents: add one, ask the scanner again, remove one."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.cases.models import Case
from oslonac.cases.steps.registry import CASE, Doing, Group, Rest, Step, register
from oslonac.documents import actions, receiving
from oslonac.documents.models import Document
from oslonac.documents.rules import EMPTY, DocumentStatus
from oslonac.steps.fields import Coded, Line, Words
from oslonac.steps.forms import NoQuestions, StepForm

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.webp,.tif,.tiff,.docx,.xlsx,.odt,.ods,.txt"


class Add(StepForm):
    kind = Coded("document_kinds", label=_("What kind of document"))
    title = Line(label=_("Name of the document"), help_text=_("Stored encrypted, like a name."))
    note = Words(label=_("Remarks"), required=False, rows=3)
    tells_where = forms.BooleanField(
        label=_("It shows where the person is"),
        required=False,
        help_text=_("Only people who may know where the person is can then see it."),
    )
    # Last on purpose: what comes after a file that is refused on the way does not arrive.
    file = forms.FileField(
        label=_("The file"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={"empty": EMPTY},
    )

    def shape(self, doing: Doing) -> None:
        self.fields["file"].help_text = _now(
            "PDF, picture, DOCX, XLSX, ODT, ODS or plain text, up to %(size)s. Data about "
            "the phone and the place is removed from pictures. If there is a mistake in "
            "this form, choose the file again."
        ) % {"size": filesizeformat(settings.OSLONAC_UPLOAD_BYTES)}
        if not doing.case.reach.whereabouts:
            self.drop("tells_where")


class Remove(StepForm):
    reason = Words(label=_("Why it is removed"), rows=3)


def _add(doing: Doing, data: dict[str, Any]) -> Any:
    return receiving.add(
        content=data["file"].open_clear(),
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        kind=data["kind"],
        title=data["title"],
        note=data["note"],
        tells_where=data.get("tells_where", False),
        request_key=doing.request_key,
    )


def _scan_again(doing: Doing, data: dict[str, Any]) -> Any:
    return receiving.scan_again(
        actor=doing.actor,
        at=doing.at,
        document=doing.subject,
        revision=doing.revision,
        request_key=doing.request_key,
    )


def _find(case: Case, document_id: Any) -> Document | None:
    row = Document.objects.filter(case=case, pk=document_id).select_related("key").first()
    if row is None or (row.tells_where and not case.reach.whereabouts):
        return None
    row.case = case
    return row


STEPS = register(
    Step(
        action=actions.add,
        on=CASE,
        slug="document-add",
        title=_("Add a document"),
        form=Add,
        run=_add,
        done=_("The document is saved, encrypted, and is in the list."),
        anchor="documents",
        group=Group.IDENTITY,
        icon="note",
        level=Level.IDENTITY,
        save=_("Add"),
    ),
    Step(
        action=actions.release,
        on=CASE.of(Document, find=_find),
        slug="document-scan",
        title=_("Scan again"),
        form=NoQuestions,
        done=_("The scanner found nothing. You can open the document."),
        anchor="documents",
        rest=Rest("documents/{document_id}/scan", "scan_document", "DocumentScanIn"),
        level=Level.IDENTITY,
        when_closed=True,
        run=_scan_again,
        applies=lambda case, row: row.status == DocumentStatus.QUARANTINED,
        save=_("Scan again"),
    ),
    Step(
        action=actions.remove,
        on=CASE.of(Document, find=_find),
        slug="document-remove",
        title=_("Remove a document"),
        form=Remove,
        done=_("The file is destroyed. The list keeps a record of it and of the reason."),
        anchor="documents",
        label=_("Remove"),
        rest=Rest("documents/{document_id}/removal", "remove_document", "DocumentRemovalIn"),
        level=Level.IDENTITY,
        alarming=True,
        help=_("The file is destroyed at once. This cannot be undone."),
        applies=lambda case, row: row.status != DocumentStatus.REMOVED,
        who=lambda actor, row: (
            row is None
            or row.added_by_id == actor.user_id
            or actor.may_at(Permission.CASE_DECIDE, row.case.organisation_id)
        ),
        save=_("Remove permanently"),
    ),
)
