"""The register of places, organisations, services and contact points.

Names and other texts for people are maps from language tag (en, sr-Latn, ...) to text.
"""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from oslonac.country import in_language
from oslonac.kit.ids import uuid7
from oslonac.vault.row_policy import RowPolicy
from oslonac.vault.sensitivity import Sensitivity


class Sourced(models.Model):
    """Where an entry comes from, which date it speaks of and whether a source was read."""

    source = models.CharField(max_length=300, blank=True)
    as_of = models.CharField(max_length=10, blank=True)  # a year or an ISO date
    verified = models.BooleanField(default=False)

    class Meta:
        abstract = True


class PlaceKind(models.TextChoices):
    COUNTRY = "country", _("country")
    AREA = "area", _("district")
    MUNICIPALITY = "municipality", _("municipality")
    CITY = "city", _("city")
    CITY_MUNICIPALITY = "city_municipality", _("city municipality")
    SETTLEMENT = "settlement", _("settlement")
    BORDER_POINT = "border_point", _("border crossing")


class Place(Sourced):
    code = models.CharField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=20, choices=PlaceKind)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    names = models.JSONField()
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="code kind parent names latitude longitude source as_of verified"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(open="a public register")

    class Meta:
        indexes = [models.Index(fields=["kind", "code"], name="place_by_kind")]

    def __str__(self) -> str:
        return in_language(self.names)


class Organisation(Sourced):
    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=30)  # of the country: see `directory.kinds`
    names = models.JSONField()
    aliases = models.JSONField(default=list)
    mandate = models.JSONField(default=dict)
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT, related_name="+")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    covers = models.JSONField(default=list)
    offers = models.JSONField(default=list)
    status = models.CharField(max_length=30, blank=True)
    notes = models.JSONField(default=dict)
    is_demo = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id code kind names aliases mandate place parent covers offers status notes is_demo "
        "active revision source as_of verified"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(open="a public register")

    class Meta:
        indexes = [models.Index(fields=["kind", "code"], name="organisation_by_kind")]

    def __str__(self) -> str:
        return in_language(self.names)


class Service(Sourced):
    """What an organisation offers, to whom and with what limits."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=100, unique=True)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="services"
    )
    kind = models.CharField(max_length=60, blank=True)
    names = models.JSONField()
    target_groups = models.JSONField(default=list)
    capacity = models.PositiveIntegerField(null=True)
    stay_limits = models.JSONField(default=list)
    accepts_trafficking_victims = models.CharField(max_length=10, default="unknown")
    status = models.CharField(max_length=30, blank=True)
    notes = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id code organisation kind names target_groups capacity stay_limits "
        "accepts_trafficking_victims status notes revision source as_of verified"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(open="a public register")

    def __str__(self) -> str:
        return in_language(self.names)


class ContactPoint(Sourced):
    """A public phone, e-mail, web or street address of an organisation; never a person's."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="contacts"
    )
    kind = models.CharField(max_length=20)
    value = models.CharField(max_length=300)
    hours = models.CharField(max_length=120, blank=True)
    languages = models.JSONField(default=list)
    purpose = models.JSONField(default=dict)
    from_pack = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id organisation kind value hours languages purpose from_pack revision source as_of "
        "verified"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(open="a public register")


class CodeList(models.Model):
    """A pack's list of codes with titles; codes are append-only."""

    name = models.CharField(max_length=60)
    code = models.CharField(max_length=60)
    titles = models.JSONField()
    order = models.PositiveIntegerField(default=0)
    extra = models.JSONField(default=dict)
    source = models.CharField(max_length=300, blank=True)
    active = models.BooleanField(default=True)

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(
        open="id name code titles order extra source active"
    )
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(open="words of the country pack")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "code"], name="one_entry_per_code")]
        ordering = ["name", "order"]


class Pack(models.Model):
    """Which content of which country pack is loaded."""

    code = models.CharField(max_length=60, primary_key=True)
    fingerprint = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()

    SENSITIVITY: ClassVar[Sensitivity] = Sensitivity(open="code fingerprint loaded_at")
    ROW_POLICY: ClassVar[RowPolicy] = RowPolicy(open="which country pack is loaded")
