"""Events of files handed out."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event(
        "export.made",
        _("File exported, encrypted for its receiver"),
        told=_("File exported"),
        kind="warn",
        data="export kind purpose form parts rows",
    ),
)
