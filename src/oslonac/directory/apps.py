from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DirectoryConfig(AppConfig):
    name = "oslonac.directory"
    label = "directory"

    def ready(self) -> None:
        from oslonac.access.roles import Permission
        from oslonac.web.navigation import NavItem, register

        register(
            NavItem(
                "directory",
                _("Directory"),
                "directory:index",
                icon="directory",
                order=70,
                permission=lambda actor: (
                    actor is not None and Permission.DIRECTORY_READ in actor.permissions
                ),
            )
        )
