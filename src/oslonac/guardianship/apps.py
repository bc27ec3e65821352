from django.apps import AppConfig


class GuardianshipConfig(AppConfig):
    name = "oslonac.guardianship"
    label = "guardianship"

    def ready(self) -> None:
        from oslonac.cases.extensions import EXTENSIONS, Panel
        from oslonac.guardianship import actions, queries

        EXTENSIONS.on_closed.append(actions.end_with_case)
        EXTENSIONS.panels.append(
            Panel("guardians", "guardianship/panel.html", queries.panel, order=20)
        )
