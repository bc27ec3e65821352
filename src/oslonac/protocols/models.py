"""Obligations as rows, so that lists need not replay every case. Derived; rebuilt at will."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from oslonac.access.rules import Level
from oslonac.kit.ids import uuid7
from oslonac.vault.sensitivity import Sensitivity
from oslonac.vault.sight import Adding, Beyond, Sight


class State(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")
    VOID = "void", _("no longer needed")


class Obligation(models.Model):
    """`principal` is the responsible person or the holders of a role (see access.actor)."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    case_id = models.UUIDField()
    key = models.CharField(max_length=80)
    activity = models.CharField(max_length=40)
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    principal = models.UUIDField(null=True)
    user_id = models.UUIDField(null=True)
    organisation_id = models.UUIDField(null=True)
    role = models.CharField(max_length=20)
    subject_id = models.UUIDField(null=True)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=60)
    verified = models.BooleanField()
    why = models.JSONField(default=list)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id case_id key activity state principal user_id organisation_id role subject_id "
        "since due_at done_at source verified why"
    )
    SIGHT: ClassVar[Sight] = Sight(
        about="case_id",
        level=Level.CASE,
        mine="principal",
        beyond=(Beyond.PROJECTION,),
        add=Adding.OPENED,
        change=Adding.OPENED,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_id", "key"], name="obligation_once_per_case")
        ]
        indexes = [
            models.Index(
                fields=["principal", "due_at"],
                condition=models.Q(state="open"),
                name="obligation_open_by_who",
            ),
            models.Index(
                fields=["organisation_id", "due_at"],
                condition=models.Q(state="open"),
                name="obligation_open_by_office",
            ),
        ]
