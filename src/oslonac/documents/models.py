"""Documents of a case."""

from typing import ClassVar

from django.db import models

from oslonac.access.rules import Level
from oslonac.cases.models import Case
from oslonac.documents.rules import DocumentStatus
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import Bypass, RowPolicy, Stricter
from oslonac.vault.scanning import Verdict
from oslonac.vault.sensitivity import Sensitivity


class Document(SealedModel):
    """A file about a child. `stored` is its opaque name on disk and `file_key` (hexadecimal) the
    key that opens it there, sealed under the child's own key. A removed one keeps its row."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="documents")
    kind = models.CharField(max_length=60)
    status = models.CharField(max_length=12, choices=DocumentStatus, default=DocumentStatus.KEPT)
    title = SealedField()
    note = SealedField()
    stored = models.CharField(max_length=32, blank=True)
    file_key = SealedField()
    format = models.CharField(max_length=12)
    size = models.PositiveBigIntegerField()
    pages = models.PositiveIntegerField(null=True)
    # It says where the child is: shown with the whereabouts only.
    tells_where = models.BooleanField(default=False)
    scan = models.CharField(max_length=12, choices=[(v.value, v.value) for v in Verdict])
    scanned_at = models.DateTimeField(null=True)
    added_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField()
    removed_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.PROTECT, related_name="+"
    )
    removed_at = models.DateTimeField(null=True)
    removal_reason = SealedField()
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key case kind status stored format size pages tells_where scan scanned_at "
        "added_by added_at removed_by removed_at revision",
        sealed={"title note removal_reason": Level.IDENTITY, "file_key": None},
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        through="case",
        level=Level.IDENTITY,
        add_level=Level.CASE,
        stricter=(Stricter("tells_where", ("true",), Level.IDENTITY, whereabouts=True),),
        bypass=(
            Bypass.PROJECTION,
            Bypass.RETENTION,
        ),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status=DocumentStatus.REMOVED)
                | models.Q(removed_at__isnull=False, stored=""),
                name="removed_document_has_no_file",
            ),
            models.UniqueConstraint(
                fields=["stored"], condition=~models.Q(stored=""), name="a_file_belongs_to_one"
            ),
        ]
        indexes = [models.Index(fields=["case", "added_at"], name="document_by_case")]
