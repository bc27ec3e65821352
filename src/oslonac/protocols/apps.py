from django.apps import AppConfig


class ProtocolsConfig(AppConfig):
    name = "oslonac.protocols"
    label = "protocols"
