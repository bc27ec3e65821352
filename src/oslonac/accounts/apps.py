from oslonac.kit import rooms


class AccountsConfig(rooms.Room):
    name = "oslonac.accounts"
    label = "accounts"
    adds = rooms.Adds(
        routes={"account/": "account_urls", "": "urls"},
        api={"api.router": 10, "api_users.router": 140, "api_oversight.router": 150},
    )

    def ready(self) -> None:
        from oslonac.accounts import factor_keys, journal, recovery_codes
        from oslonac.vault import rotation

        journal.connect()
        recovery_codes.install()
        rotation.HOLDERS.append(rotation.Holder(factor_keys.used, factor_keys.rewrap))
