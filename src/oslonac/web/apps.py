"""Django application of the design system."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "oslonac.web"
    label = "web"
    verbose_name = "Design system"
