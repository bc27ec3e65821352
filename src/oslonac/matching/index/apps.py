from oslonac.kit import rooms


class IndexConfig(rooms.Room):
    name = "oslonac.matching.index"
    label = "matching"
    adds = rooms.Adds()

    def ready(self) -> None:
        from oslonac.matching.index import writing
        from oslonac.people import changes
        from oslonac.vault import erasers

        changes.on_change(writing.index_person)
        erasers.register("index", writing.erase)
