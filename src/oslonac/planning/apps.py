from oslonac.kit import rooms


class PlanningConfig(rooms.Room):
    name = "oslonac.planning"
    label = "planning"
    adds = rooms.Adds(api={"api.ROUTERS": 33})

    def ready(self) -> None:
        from oslonac.planning import page, steps  # noqa: F401  (registers steps)

        page.register()
