from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "oslonac.cases"
    label = "cases"
