from collections.abc import Callable
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdministrationConfig(AppConfig):
    name = "oslonac.administration"
    label = "administration"

    def ready(self) -> None:
        from oslonac.access.roles import Permission
        from oslonac.web.navigation import NavItem, register

        entries = [
            ("users", _("Users"), "administration:users", "people", Permission.USERS_MANAGE),
            ("grants", _("Grants"), "administration:grants", "eye", Permission.GRANTS_READ),
            ("ledger", _("Ledger"), "administration:ledger", "list", Permission.LEDGER_READ),
        ]
        for place, (key, label, url, icon, permission) in enumerate(entries):
            register(
                NavItem(key, label, url, icon=icon, order=80 + place, permission=_held(permission))
            )


def _held(permission: Any) -> Callable[[Any], bool]:
    return lambda actor: actor is not None and permission in actor.permissions
