from django.utils.translation import gettext_lazy as _

from oslonac.kit import rooms


class EncountersConfig(rooms.Room):
    name = "oslonac.encounters"
    label = "encounters"
    adds = rooms.Adds(routes={"": "urls"}, api={"api.ROUTERS": 32})

    def ready(self) -> None:
        from oslonac.access.roles import Permission
        from oslonac.encounters import records
        from oslonac.encounters.lists import waiting_count
        from oslonac.web.navigation import NavItem, holding, register

        records.register()
        register(
            NavItem(
                "encounters",
                _("Encounters"),
                "encounters:all",
                "place",
                30,
                "e",
                holding(Permission.ENCOUNTER_RECORD),
                waiting_count,
            )
        )
