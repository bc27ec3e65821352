from django.apps import AppConfig


class GuardianshipConfig(AppConfig):
    name = "oslonac.guardianship"
    label = "guardianship"

    def ready(self) -> None:
        from oslonac.cases.extensions import EXTENSIONS, Panel
        from oslonac.cases.tabs import Tab
        from oslonac.guardianship import actions, casepage, queries, steps  # noqa: F401  (registers steps)

        EXTENSIONS.facts.append(queries.facts)
        EXTENSIONS.on_closed.append(actions.end_with_case)
        EXTENSIONS.panels.append(
            Panel(
                "guardians",
                "guardianship/panel.html",
                casepage.context,
                Tab.PEOPLE,
                reads=casepage.reads,
                order=20,
                strip=casepage.strip,
                lanes=casepage.lanes,
                counts=casepage.counts,
                paper=casepage.paper,
                texts=casepage.texts,
            )
        )
