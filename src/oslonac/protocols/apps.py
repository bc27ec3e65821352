from django.utils.translation import gettext_lazy as _

from oslonac.kit import rooms


class ProtocolsConfig(rooms.Room):
    name = "oslonac.protocols"
    label = "protocols"
    adds = rooms.Adds(
        routes={"protocols/": "urls"}, not_exported=("obligation", "reminder", "mute")
    )

    def ready(self) -> None:
        from oslonac.protocols.reminders import kinds
        from oslonac.web.navigation import NavItem, register, signed_in

        kinds.register_all()
        register(
            NavItem("protocols", _("Procedures"), "protocols:index", "list", 70, "", signed_in)
        )
