from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "oslonac.accounts"
    label = "accounts"
