"""Django application of the design system."""

from oslonac.kit import rooms


class WebConfig(rooms.Room):
    name = "oslonac.web"
    label = "web"
    verbose_name = "Design system"
    adds = rooms.Adds(routes={"": "urls"})
