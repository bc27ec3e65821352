from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "oslonac.people"
    label = "people"

    def ready(self) -> None:
        from oslonac.access.roles import Permission
        from oslonac.people import merging
        from oslonac.vault import erasers
        from oslonac.web.navigation import NavItem, register

        erasers.register("merges", merging.forget)
        register(
            NavItem(
                "people",
                _("People"),
                "people:people",
                "people",
                40,
                "p",
                lambda actor: actor is not None and Permission.CASE_READ in actor.permissions,
            )
        )
