from typing import Any

from django.utils.translation import gettext_lazy as _

from oslonac.kit import rooms


class ExchangeConfig(rooms.Room):
    name = "oslonac.exchange"
    label = "exchange"
    adds = rooms.Adds(routes={"": "urls"}, api={"api.router": 80}, not_exported=("export",))

    def ready(self) -> None:
        from oslonac.access.roles import Permission
        from oslonac.cases.extensions import EXTENSIONS, Panel
        from oslonac.cases.tabs import Tab
        from oslonac.exchange import casepage
        from oslonac.web.navigation import NavItem, register

        EXTENSIONS.panels.append(
            Panel(
                "exports",
                "exchange/panel.html",
                casepage.context,
                Tab.PAPERS,
                reads=casepage.reads,
                order=95,
            )
        )

        def exports(actor: Any) -> bool:
            return actor is not None and bool(
                {Permission.EXPORT_MAKE, Permission.LEDGER_READ} & actor.permissions
            )

        register(
            NavItem(
                "exports",
                _("Exports"),
                "exchange:index",
                icon="send",
                order=85,
                permission=exports,
            )
        )
