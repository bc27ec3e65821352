from oslonac.kit import rooms


class OidcConfig(rooms.Room):
    name = "oslonac.accounts.oidc"
    label = "accounts_oidc"
    adds = rooms.Adds()
