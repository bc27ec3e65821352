from django.apps import AppConfig


class PlacementsConfig(AppConfig):
    name = "oslonac.placements"
    label = "placements"

    def ready(self) -> None:
        from oslonac.cases.extensions import EXTENSIONS, Panel
        from oslonac.placements import actions, queries

        EXTENSIONS.facts.append(queries.facts)
        EXTENSIONS.on_closed.append(actions.end_with_case)
        EXTENSIONS.panels.append(
            Panel("placements", "placements/panel.html", queries.panel, order=30)
        )
