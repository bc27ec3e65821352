from django.utils.translation import gettext_lazy as _

from oslonac.kit import rooms


class TodayConfig(rooms.Room):
    name = "oslonac.today"
    label = "today"
    adds = rooms.Adds(routes={"": "urls"})

    def ready(self) -> None:
        from oslonac.web.navigation import NavItem, register, signed_in

        register(NavItem("today", _("Today"), "today:page", "today", 10, "t", signed_in))
