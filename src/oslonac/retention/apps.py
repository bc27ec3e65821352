from typing import Any

from django.utils.translation import gettext_lazy as _

from oslonac.kit import rooms


class RetentionConfig(rooms.Room):
    name = "oslonac.retention"
    label = "retention"
    adds = rooms.Adds(
        routes={"administration/retention/": "urls"},
        api={"api.router": 70},
        statuses=("rules",),
        not_exported=("hold", "disposal"),
    )

    def ready(self) -> None:
        from oslonac.access.roles import Permission
        from oslonac.cases.extensions import EXTENSIONS, Panel
        from oslonac.cases.tabs import Tab
        from oslonac.documents.actions import REMOVAL_CHECKS
        from oslonac.retention import casepage, erasing, queries, steps  # noqa: F401
        from oslonac.vault import erasers
        from oslonac.web.navigation import NavItem, register

        erasers.register("people", erasing.erase)
        REMOVAL_CHECKS.append(casepage.check_removal)
        EXTENSIONS.panels.append(
            Panel(
                "retention",
                "retention/panel.html",
                casepage.context,
                Tab.PAPERS,
                reads=casepage.reads,
                order=90,
            )
        )

        def reads(actor: Any) -> bool:
            return actor is not None and Permission.RETENTION_READ in actor.permissions

        register(
            NavItem(
                "retention",
                _("Retention and deletion"),
                "retention:index",
                icon="lock",
                order=84,
                permission=reads,
                count=lambda actor: queries.waiting(actor) or None,
            )
        )
