from oslonac.kit import rooms


class PlacementsConfig(rooms.Room):
    name = "oslonac.placements"
    label = "placements"
    adds = rooms.Adds(
        api={"api.router": 50},
        statuses=("rules",),
        exported=("placement",),
        kept_as={"placement": ("placement", {})},
    )

    def ready(self) -> None:
        from oslonac.cases.extensions import EXTENSIONS, Panel
        from oslonac.cases.tabs import Tab
        from oslonac.placements import actions, casepage, queries, steps  # noqa: F401  (registers)

        EXTENSIONS.facts.append(queries.facts)
        EXTENSIONS.event_data.append(queries.houses)
        EXTENSIONS.on_closed.append(actions.end_with_case)
        EXTENSIONS.panels.append(
            Panel(
                "placements",
                "placements/panel.html",
                casepage.context,
                Tab.PEOPLE,
                reads=casepage.reads,
                order=30,
                strip=casepage.strip,
                lanes=casepage.lanes,
                counts=casepage.counts,
                paper=casepage.paper,
                texts=casepage.texts,
            )
        )
