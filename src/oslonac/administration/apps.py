from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from oslonac.kit import rooms


class AdministrationConfig(rooms.Room):
    name = "oslonac.administration"
    label = "administration"
    adds = rooms.Adds(routes={"administration/": "urls"})

    def ready(self) -> None:
        from oslonac.access.roles import Permission
        from oslonac.notices import kinds
        from oslonac.web.navigation import NavItem, register

        entries = [
            ("users", _("Users"), "administration:users", "people", Permission.USERS_MANAGE),
            ("grants", _("Access list"), "administration:grants", "eye", Permission.GRANTS_READ),
            ("ledger", _("Activity log"), "administration:ledger", "list", Permission.LEDGER_READ),
        ]
        for place, (key, label, url, icon, permission) in enumerate(entries):
            register(
                NavItem(key, label, url, icon=icon, order=80 + place, permission=_held(permission))
            )
        register(
            NavItem(
                "unusual",
                _("Unusual access"),
                "administration:unusual",
                icon="alert",
                order=84,
                permission=_held(Permission.LEDGER_READ),
                count=_waiting,
            )
        )
        kinds.register(
            kinds.Kind("unusual.noticed", _("Unusual access to files needs a check."), "eye"),
            kinds.Kind(
                "ledger.broken",
                _(
                    "The activity log was changed or damaged. Verify it before you do anything "
                    "else."
                ),
                "alert",
                urgent=True,
            ),
        )


def _held(permission: Any) -> Callable[[Any], bool]:
    return lambda actor: actor is not None and permission in actor.permissions


def _waiting(actor: Any) -> int:
    from oslonac.audit.models import Unusual

    return Unusual.objects.filter(looked_at__isnull=True).count()
