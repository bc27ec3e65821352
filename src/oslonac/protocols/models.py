"""Obligations as rows, so that lists need not replay every case (derived; rebuilt at will); who
was reminded of them, and who wants no reminders of one for a while; every version of every
procedure that was ever loaded.

Reminders and mutes name an obligation by its case and key: its row may be made anew.
"""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from oslonac.access.rules import Level as Shown
from oslonac.kit.ids import uuid7
from oslonac.notices.models import Notice
from oslonac.protocols.reminders.plan import Level
from oslonac.vault.models import SealedField, SealedModel
from oslonac.vault.row_policy import Adding, Bypass, RowPolicy
from oslonac.vault.sensitivity import Sensitivity


class State(models.TextChoices):
    OPEN = "open", _("open")
    DONE = "done", _("done")
    VOID = "void", _("no longer needed")
    PAUSED = "paused", _("suspended by a decision")


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
    role = models.CharField(max_length=35)
    subject_id = models.UUIDField(null=True)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    source = models.CharField(max_length=60)
    verified = models.BooleanField()
    why = models.JSONField(default=list)
    # When the job of reminders looks at this row next; null: not until something changes. A
    # trigger (migration 2) sets it whenever state, deadline or responsibility change, by whatever
    # way the row is written, so it is no part of what a rebuild compares.
    remind_at = models.DateTimeField(null=True)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id case_id key activity state principal user_id organisation_id role subject_id "
        "since due_at done_at source verified why remind_at"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        about="case_id",
        level=Shown.CASE,
        mine="principal",
        bypass=(Bypass.PROJECTION, Bypass.NUMBERS),
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
            models.Index(
                fields=["remind_at"],
                condition=models.Q(remind_at__isnull=False),
                name="obligation_to_look_at",
            ),
        ]


class Reminder(models.Model):
    """One person was reminded of one stage of one deadline, or needed no word of their own because
    another stage said it (`notice` empty). A deadline that moved begins anew."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    case_id = models.UUIDField()
    key = models.CharField(max_length=80)
    due_at = models.DateTimeField()
    stage = models.CharField(max_length=20)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    level = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Level])
    # The responsible person was not there.
    instead = models.BooleanField(default=False)
    at = models.DateTimeField()
    notice = models.ForeignKey(Notice, null=True, on_delete=models.SET_NULL, related_name="+")

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id case_id key due_at stage user level instead at notice"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(
        about="case_id", level=Shown.CASE, add=Adding.OPENED
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_id", "key", "due_at", "stage", "user"], name="reminder_once"
            )
        ]


class MuteReason(models.TextChoices):
    WAITING = "waiting", _("somebody else has to act first")
    DONE = "done", _("it is done and will be recorded")
    AGREED = "agreed", _("agreed with my supervisor")
    OTHER = "other", _("another reason")


class Mute(SealedModel):
    """A person wants no reminders of one obligation for a while, and says why. The key is the
    case's: what is said may speak of the child."""

    case_id = models.UUIDField()
    obligation = models.CharField(max_length=80)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=MuteReason)
    note = SealedField()
    starts_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id key case_id obligation user reason starts_at until ended_at revision",
        sealed="note",
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(about="case_id", level=Shown.CASE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until__gt=models.F("starts_at")), name="mute_ends_after_start"
            )
        ]
        indexes = [
            models.Index(
                fields=["case_id", "obligation"],
                condition=models.Q(ended_at__isnull=True),
                name="mute_in_force",
            )
        ]


class Edition(models.Model):
    """One version of one procedure, word for word as its file was. The id follows from the text,
    so that the same text is the same edition everywhere. Never changed, never deleted: a case may
    run on it for years."""

    id = models.UUIDField(primary_key=True)
    protocol = models.CharField(max_length=40)
    version = models.CharField(max_length=60)
    file = models.CharField(max_length=120)
    text = models.TextField()
    loaded_at = models.DateTimeField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(open="id protocol version file text loaded_at")
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(open="texts of procedures")

    class Meta:
        indexes = [models.Index(fields=["protocol", "loaded_at"], name="edition_by_protocol")]


class ProcedureSet(models.Model):
    """The editions that a case runs on together, at most one of each procedure. The id follows
    from theirs. `current`: what new cases begin on, as the pack was loaded last."""

    id = models.UUIDField(primary_key=True)
    editions = ArrayField(models.UUIDField())
    current = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(open="id editions current made_at")
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(open="which procedures belong together")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["current"],
                condition=models.Q(current=True),
                name="one_set_of_procedures_is_current",
            )
        ]
