from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "oslonac.vault"
    label = "vault"
