from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProtocolsConfig(AppConfig):
    name = "oslonac.protocols"
    label = "protocols"

    def ready(self) -> None:
        from oslonac.protocols.reminders import kinds
        from oslonac.web.navigation import NavItem, register, signed_in

        kinds.register_all()
        register(
            NavItem("protocols", _("Procedures"), "protocols:index", "list", 70, "", signed_in)
        )
