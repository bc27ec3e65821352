from django.utils.translation import gettext_lazy as _

from oslonac.kit import rooms


class DirectoryConfig(rooms.Room):
    name = "oslonac.directory"
    label = "directory"
    adds = rooms.Adds(routes={"directory/": "urls"}, api={"api_editing.router": 130})

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
