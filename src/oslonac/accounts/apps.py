from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "oslonac.accounts"
    label = "accounts"

    def ready(self) -> None:
        from oslonac.accounts import journal

        journal.connect()
