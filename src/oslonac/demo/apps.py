from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "oslonac.demo"
    label = "demo"
