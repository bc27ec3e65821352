from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DuplicatesConfig(AppConfig):
    name = "oslonac.duplicates"
    label = "duplicates"

    def ready(self) -> None:
        from oslonac.access.roles import Permission
        from oslonac.cases.extensions import EXTENSIONS, Panel
        from oslonac.duplicates import casepage, finding, told
        from oslonac.vault import erasers

        EXTENSIONS.panels.append(
            Panel(
                "duplicates",
                "duplicates/panel.html",
                casepage.context,
                order=44,
                permission=Permission.PERSONS_COMPARE,
            )
        )
        told.register()
        erasers.register("pairs", finding.erase)
        _register_navigation()


def _register_navigation() -> None:
    from oslonac.access.roles import Permission
    from oslonac.web.navigation import NavItem, register

    def may(actor: object) -> bool:
        return actor is not None and Permission.PERSONS_COMPARE in actor.permissions  # type: ignore[attr-defined]

    register(
        NavItem("duplicates", _("Perhaps one person"), "duplicates:index", "people", 42, "d", may)
    )
