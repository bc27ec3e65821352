from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "oslonac.access"
    label = "access"
