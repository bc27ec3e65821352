from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "oslonac.accounts"
    label = "accounts"

    def ready(self) -> None:
        from oslonac.accounts import factor_keys, journal
        from oslonac.vault import rotation

        journal.connect()
        rotation.HOLDERS.append(rotation.Holder(factor_keys.used, factor_keys.rewrap))
