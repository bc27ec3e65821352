from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "oslonac.audit"
    label = "audit"
