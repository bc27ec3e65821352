from django.apps import AppConfig


class ProtocolsConfig(AppConfig):
    name = "oslonac.protocols"
    label = "protocols"

    def ready(self) -> None:
        from oslonac.protocols.reminders import kinds

        kinds.register_all()
