"""Encounter and triage."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("encounter.corrected", _("Encounter corrected"), data="safety present"),
    Event("encounter.person", _("Person added to an encounter"), data="person"),
    Event(
        "encounter.recorded", _("Encounter recorded"), data="happened_at safety present responsible"
    ),
    Event("intake.person", _("Person added at intake")),
    Event("intake.recorded", _("Intake recorded"), data="people"),
    Event("person.met_again", _("Person met again"), data="encounter"),
    Event("reporter.told", _("Reporter recorded as informed")),
    Event("triage.decided", _("Triage decided"), data="outcome reasons suspicion_decided"),
)
