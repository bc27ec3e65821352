from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "oslonac.documents"
    label = "documents"

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
