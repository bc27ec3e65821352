from django.utils.translation import gettext_lazy as _

from oslonac.kit import rooms


class SignalsConfig(rooms.Room):
    name = "oslonac.links"
    label = "signals"
    adds = rooms.Adds(routes={"": "urls"}, api={"api.router": 110}, statuses=("rules",))

    def ready(self) -> None:
        from oslonac.access.roles import Permission
        from oslonac.cases.extensions import EXTENSIONS, Panel
        from oslonac.cases.tabs import Tab
        from oslonac.links import casepage, computing
        from oslonac.people import changes
        from oslonac.vault import erasers

        EXTENSIONS.panels.append(
            Panel(
                "signals",
                "signals/panel.html",
                casepage.context,
                Tab.PEOPLE,
                reads=casepage.reads,
                order=46,
                permission=Permission.PERSONS_COMPARE,
            )
        )
        changes.on_change(computing.after_change)
        erasers.register("signals", computing.erase)
        _register_navigation()


def _register_navigation() -> None:
    from oslonac.access.roles import Permission
    from oslonac.web.navigation import NavItem, register

    def may(actor: object) -> bool:
        return actor is not None and Permission.PERSONS_COMPARE in actor.permissions  # type: ignore[attr-defined]

    register(NavItem("signals", _("Links between cases"), "signals:index", "eye", 44, "s", may))
