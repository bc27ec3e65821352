from oslonac.kit import rooms


class VaultConfig(rooms.Room):
    name = "oslonac.vault"
    label = "vault"
    adds = rooms.Adds()
