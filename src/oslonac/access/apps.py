from typing import Any

from django.db.models.signals import post_migrate

from oslonac.kit import rooms


class AccessConfig(rooms.Room):
    name = "oslonac.access"
    label = "access"
    adds = rooms.Adds()

    def ready(self) -> None:
        from oslonac.access.models import Block, Grant, Tie
        from oslonac.access.roles import problems_of
        from oslonac.country import country
        from oslonac.vault import binding

        for model in (Grant, Block, Tie):
            binding.check(model)
        for bad in problems_of(country().roles):  # a wrong list of roles must give nobody anything
            raise bad
        # Sent for each application once all migrations have run; ours is enough.
        post_migrate.connect(_enforce, sender=self, dispatch_uid="access.enforcement")


def _enforce(**more: Any) -> None:
    """Policies follow the declarations at every migrate, whoever called it."""
    from oslonac.access import enforcement

    if not enforcement.standing().holds:
        enforcement.apply()
