"""Consents, blocks, grants, emergencies, requests about the own file."""

from django.utils.translation import gettext_lazy as _

from oslonac.access.rules import Scope
from oslonac.audit.events import Event, declare
from oslonac.cases.events.sentences import coded
from oslonac.cases.trust import rules as trust_rules

declare(
    Event(
        "block.lifted",
        _("Block removed"),
        told=_("A block was removed"),
        kind="calm",
        data="block scope",
    ),
    Event(
        "block.set",
        _("Person blocked from a record"),
        told=coded(_("Somebody was blocked from"), Scope, "scope"),
        kind="warn",
        data="block scope reason who managed records",
    ),
    Event(
        "conflict.declared",
        _("Conflict of interest declared"),
        told=_("A colleague declared a conflict of interest"),
        kind="warn",
        data="block scope reason who managed records",
    ),
    Event(
        "consent.recorded",
        _("Consent recorded"),
        told=coded(_("Consent"), trust_rules.ConsentStatus, "status"),
        data="consent status purpose receiver happened_at band",
    ),
    Event(
        "consent.withdrawn",
        _("Consent withdrawn"),
        told=_("Consent withdrawn: access based on it has ended"),
        kind="warn",
        data="consent by grants",
    ),
    Event(
        "emergency.given_back",
        _("Emergency access ended early"),
        told=_("Emergency access ended early"),
        kind="calm",
        data="emergency",
    ),
    Event(
        "emergency.opened",
        _("Case opened in an emergency"),
        told=_("Opened in an emergency, without a task in the case"),
        kind="alert",
        data="emergency until whereabouts",
    ),
    Event(
        "emergency.reviewed",
        _("Emergency access reviewed"),
        told=coded(_("Emergency reviewed"), trust_rules.EmergencyOutcome, "outcome"),
        kind="warn",
        data="emergency outcome",
    ),
    Event("grant.ended", _("Access ended"), told=_("Access ended"), kind="calm"),
    Event(
        "grant.given",
        _("Access given"),
        told=_("Access given"),
        kind="calm",
        data="to level reason until basis consent ground",
    ),
    Event(
        "tie.noted",
        _("Personal tie recorded"),
        told=_("Personal tie recorded"),
        kind="calm",
        data="tie user person kind",
    ),
)
