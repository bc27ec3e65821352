from django.utils.translation import gettext_lazy as _

from oslonac.kit import rooms


class PeopleConfig(rooms.Room):
    name = "oslonac.people"
    label = "people"
    adds = rooms.Adds(routes={"": "urls"}, api={"api.router": 120}, statuses=("rules",))

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
