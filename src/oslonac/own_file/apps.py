from oslonac.kit import rooms


class OwnFileConfig(rooms.Room):
    name = "oslonac.own_file"
    label = "own_file"
    adds = rooms.Adds(routes={"": "urls"}, api={"api.router": 34})

    def ready(self) -> None:
        from oslonac.own_file import steps  # noqa: F401  (registers steps)
