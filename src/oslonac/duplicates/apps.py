from typing import Any

from django.utils.translation import gettext_lazy as _

from oslonac.kit import rooms


class DuplicatesConfig(rooms.Room):
    name = "oslonac.duplicates"
    label = "duplicates"
    adds = rooms.Adds(routes={"": "urls"}, api={"api.router": 100}, statuses=("rules",))

    def ready(self) -> None:
        from oslonac.access.roles import Permission
        from oslonac.cases.extensions import EXTENSIONS, Panel
        from oslonac.cases.tabs import Tab
        from oslonac.duplicates import casepage, finding, notice_kinds, waiting
        from oslonac.people import changes
        from oslonac.vault import erasers

        EXTENSIONS.panels.append(
            Panel(
                "duplicates",
                "duplicates/panel.html",
                casepage.context,
                Tab.PEOPLE,
                reads=casepage.reads,
                order=44,
                permission=Permission.PERSONS_COMPARE,
            )
        )
        notice_kinds.register()
        _tell_where_pairs_are_named()
        erasers.register("pairs", finding.erase)
        changes.on_change(waiting.told_of)
        _register_navigation()


def _may(actor: Any) -> bool:
    from oslonac.access.roles import Permission

    return actor is not None and Permission.PERSONS_COMPARE in actor.permissions


def _tell_where_pairs_are_named() -> None:
    from django.urls import reverse

    from oslonac.people.pairing import Pairing, tell

    tell(
        Pairing(
            may=_may,
            choose=lambda person_id: reverse("duplicates:choose", args=[person_id]),
            compare=lambda: reverse("duplicates:name"),
        )
    )


def _register_navigation() -> None:
    from oslonac.web.navigation import NavItem, register

    register(
        NavItem("duplicates", _("Possible duplicates"), "duplicates:index", "people", 42, "d", _may)
    )
