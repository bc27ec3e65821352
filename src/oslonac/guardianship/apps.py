from oslonac.kit import rooms


class GuardianshipConfig(rooms.Room):
    name = "oslonac.guardianship"
    label = "guardianship"
    adds = rooms.Adds(
        api={"api.router": 40},
        statuses=("rules",),
        exported=("appointment",),
        kept_as={"guardianship": ("appointment", {})},
    )

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
