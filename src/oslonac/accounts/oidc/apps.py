from django.apps import AppConfig


class OidcConfig(AppConfig):
    name = "oslonac.accounts.oidc"
    label = "accounts_oidc"
