from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "oslonac.accounts"
    label = "accounts"

    def ready(self) -> None:
        from oslonac.accounts import factor_keys, journal, recovery_codes
        from oslonac.vault import rotation

        journal.connect()
        recovery_codes.install()
        rotation.HOLDERS.append(rotation.Holder(factor_keys.used, factor_keys.rewrap))
