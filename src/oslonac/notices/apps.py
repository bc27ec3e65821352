from django.utils.translation import gettext_lazy as _

from oslonac.kit import rooms


class NoticesConfig(rooms.Room):
    name = "oslonac.notices"
    label = "notices"
    adds = rooms.Adds(routes={"notices/": "urls"}, api={"api.router": 20}, statuses=("rules",))

    def ready(self) -> None:
        from oslonac.accounts import telling
        from oslonac.notices import kinds, own_account
        from oslonac.notices.queries import unseen_count
        from oslonac.web.navigation import NavItem, register, signed_in

        test = _("This is a test notice.")
        kinds.register(kinds.Kind("notices.test", test, urgent=True))
        kinds.register(*own_account.KINDS)
        telling.LISTENERS.append(own_account.tell)
        register(
            NavItem(
                "notices", _("Inbox"), "notices:inbox", "bell", 15, "i", signed_in, unseen_count
            )
        )
