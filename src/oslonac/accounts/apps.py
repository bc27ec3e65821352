from typing import Any

from oslonac.kit import rooms

# What the ledger says of our rows (`audit.rows.Said`).
_SAID: tuple[dict[str, Any], ...] = (
    {
        "table": "accounts_membership",
        "events": ("membership.given",),
        "is_there": True,
        "none_without": True,
    },
    {
        "table": "accounts_membership",
        "events": ("membership.ended",),
        "so": "r.ends_on = (e.data->>'ends_on')::date",
    },
    {"table": "accounts_apitoken", "events": ("token.made",), "none_without": True},
    {
        "table": "accounts_apitoken",
        "events": ("token.revoked",),
        "so": "r.revoked_at IS NOT NULL",
    },
    {
        "table": "accounts_user",
        "events": ("user.changed", "account.closed"),
        "so": "r.is_active = coalesce((e.data->>'is_active')::boolean, false)",
    },
)


class AccountsConfig(rooms.Room):
    name = "oslonac.accounts"
    label = "accounts"
    adds = rooms.Adds(
        routes={"account/": "account_urls", "": "urls"},
        api={"api.router": 10, "api_users.router": 140, "api_oversight.router": 150},
    )

    def ready(self) -> None:
        from oslonac.accounts import bound_factors, factor_keys, journal, recovery_codes
        from oslonac.accounts.models import ApiToken, Membership, User
        from oslonac.audit import rows
        from oslonac.vault import binding, rotation

        for model in (User, Membership, ApiToken):
            binding.check(model)
        for said in _SAID:
            rows.SAID.append(rows.Said(**said))
        bound_factors.install()
        journal.connect()
        recovery_codes.install()
        rotation.HOLDERS.append(rotation.Holder(factor_keys.used, factor_keys.rewrap))
