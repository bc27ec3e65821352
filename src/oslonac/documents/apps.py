from oslonac.kit import rooms


class DocumentsConfig(rooms.Room):
    name = "oslonac.documents"
    label = "documents"
    adds = rooms.Adds(
        routes={"": "urls"},
        api={"api.router": 60},
        statuses=("rules",),
        not_exported=("document",),  # files go along as files
    )

    def ready(self) -> None:
        from oslonac.cases.extensions import EXTENSIONS, Panel
        from oslonac.cases.tabs import Tab
        from oslonac.documents import casepage, erasing, steps  # noqa: F401  (registers steps)
        from oslonac.vault import erasers

        erasers.register("documents", erasing.erase)
        EXTENSIONS.panels.append(
            Panel(
                "documents",
                "documents/panel.html",
                casepage.context,
                Tab.PAPERS,
                reads=casepage.reads,
                order=60,
                paper=casepage.paper,
                texts=casepage.texts,
            )
        )
