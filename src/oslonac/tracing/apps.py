from django.utils.translation import gettext_lazy as _

from oslonac.kit import rooms


class TracingConfig(rooms.Room):
    name = "oslonac.tracing"
    label = "tracing"
    adds = rooms.Adds(
        routes={"": "urls"},
        api={"api.router": 90},
        statuses=("rules",),
        not_exported=("tracingrequest", "trace", "candidate", "check", "reunion", "followup"),
    )

    def ready(self) -> None:
        from oslonac.access.roles import Permission
        from oslonac.cases.extensions import EXTENSIONS, Panel
        from oslonac.cases.tabs import Tab
        from oslonac.tracing import casepage, notice_kinds

        # Every link of the panel leads to pages of those who trace.
        EXTENSIONS.panels.append(
            Panel(
                "tracing",
                "tracing/panel.html",
                casepage.context,
                Tab.PEOPLE,
                order=45,
                reads=casepage.reads,
                permission=Permission.TRACING_WORK,
            )
        )
        notice_kinds.register()
        _register_navigation()


def _register_navigation() -> None:
    from oslonac.access.roles import Permission
    from oslonac.web.navigation import NavItem, register

    def may(actor: object) -> bool:
        return actor is not None and Permission.TRACING_WORK in actor.permissions  # type: ignore[attr-defined]

    register(NavItem("tracing", _("Family tracing"), "tracing:index", "people", 41, "f", may))
