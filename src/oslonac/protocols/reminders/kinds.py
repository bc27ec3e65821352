"""Reminders as notices: titles, sentences, and whether they still apply."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext

from oslonac.kit.text import day_and_hour
from oslonac.notices.kinds import Kind, register
from oslonac.notices.models import Notice
from oslonac.protocols import catalogue
from oslonac.protocols.models import Obligation, State
from oslonac.protocols.reminders.plan import Level, Telling

OWN, TEAM, NOBODY, MUTED = "step.own", "step.team", "step.nobody", "step.muted"


def of(telling: Telling) -> str:
    """The kind of notice that a telling becomes."""
    if telling.instead:
        return NOBODY
    return OWN if telling.moment.level is Level.RESPONSIBLE else TEAM


def sentence(notice: Notice) -> str:
    """The step and its deadline: "Visit the child: due Monday 9 March 2026, 23:59"."""
    told = {"what": catalogue.title(notice.data.get("activity", "")), "due": ""}
    if due := notice.data.get("due"):
        moment = localtime(datetime.fromisoformat(due))
        day = formats.date_format(moment, pgettext("date format", "l j F Y"))
        told["due"] = day_and_hour(day, f"{moment:%H:%M}")
    if not told["what"]:
        return _("due %(due)s") % told
    if notice.data.get("binding", True):
        return _("%(what)s: due %(due)s") % told
    return _("%(what)s: recommended by %(due)s") % told


def still(notices: Sequence[Notice], at: datetime) -> Collection[UUID]:
    """Those whose obligation is open and due when the notice says."""
    rows = Obligation.objects.filter(
        case_id__in={n.record_id for n in notices}, state=State.OPEN, due_at__isnull=False
    )
    open_now = {
        (case_id, key, due.isoformat())
        for case_id, key, due in rows.values_list("case_id", "key", "due_at")
        if due is not None
    }
    return {
        n.pk
        for n in notices
        if (n.record_id, n.data.get("obligation"), n.data.get("due")) in open_now
    }


def register_all() -> None:
    """Called when the application starts."""
    register(
        Kind(OWN, lazy("You have a new task"), "clock", sentence=sentence, still=still),
        Kind(TEAM, lazy("A step in your team"), "people", sentence=sentence, still=still),
        Kind(
            NOBODY,
            lazy("The person responsible is absent"),
            "alert",
            sentence=sentence,
            still=still,
        ),
        Kind(MUTED, lazy("Reminders of a step were muted"), "note", sentence=sentence),
    )
