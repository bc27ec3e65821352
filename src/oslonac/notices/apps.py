from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "oslonac.notices"
    label = "notices"

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
