from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignalsConfig(AppConfig):
    name = "oslonac.signals"
    label = "signals"

    def ready(self) -> None:
        from oslonac.access.roles import Permission
        from oslonac.cases.extensions import EXTENSIONS, Panel
        from oslonac.cases.tabs import Tab
        from oslonac.people import changes
        from oslonac.signals import casepage, computing
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

    register(NavItem("signals", _("Questions across files"), "signals:index", "eye", 44, "s", may))
