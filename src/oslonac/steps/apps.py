from django.apps import AppConfig


class StepsConfig(AppConfig):
    name = "oslonac.steps"
    label = "steps"
