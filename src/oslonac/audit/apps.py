from django.utils.module_loading import autodiscover_modules

from oslonac.kit import rooms


class AuditConfig(rooms.Room):
    name = "oslonac.audit"
    label = "audit"
    adds = rooms.Adds(not_exported=("event", "unusual"))

    def ready(self) -> None:
        autodiscover_modules("events")
