from oslonac.kit import rooms


class SearchConfig(rooms.Room):
    name = "oslonac.search"
    label = "search"
    adds = rooms.Adds(routes={"search/": "urls"}, api={"api.router": 31})

    def ready(self) -> None:
        from oslonac.search import notice_kinds

        notice_kinds.register()
