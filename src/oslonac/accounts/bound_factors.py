"""Second factors and linked sign-ins, bound to a key outside the database.

Their tables are django-allauth's, so the MAC stands among the data that it keeps as JSON. A row
that does not fit is left out of every answer: it neither counts as a factor nor opens anything.
Secrets are sealed besides; a passkey's public key is not, and must not be put in for another one.

Belongs here: binding them and leaving forged ones out. Does not: how MACs are made
(`vault.binding`).
"""

import hmac
import json
from collections.abc import Iterable, Iterator
from typing import Any

from allauth.mfa.models import Authenticator, AuthenticatorManager
from allauth.socialaccount.models import SocialAccount
from django.db import models
from django.db.models.query import ModelIterable
from django.db.models.signals import pre_save

from oslonac.vault import binding

NAME = "oslonac_mac"


def _said(row: Any) -> tuple[str, dict[str, Any], list[Any]]:
    """Table, the JSON that carries the MAC, and what the MAC is over."""
    table = row._meta.db_table
    if table == Authenticator._meta.db_table:
        data: dict[str, Any] = row.data if isinstance(row.data, dict) else {}
        return table, data, [row.user_id, row.type, _sorted(data)]
    data = row.extra_data if isinstance(row.extra_data, dict) else {}
    return table, data, [row.user_id, row.provider, row.uid, _sorted(data)]


def _sorted(data: dict[str, Any]) -> str:
    return json.dumps({key: data[key] for key in data if key != NAME}, sort_keys=True)


def mac_of(row: Any) -> str:
    table, _data, said = _said(row)
    return binding.mac_over(table, said).hex()


def is_genuine(row: Any) -> bool:
    given = _said(row)[1].get(NAME)
    return isinstance(given, str) and hmac.compare_digest(given, mac_of(row))


def bind(row: Any) -> None:
    """Put the MAC among the row's data."""
    data = _said(row)[1]
    data[NAME] = mac_of(row)


def _before_saving(
    sender: Any, instance: Any, update_fields: Iterable[str] | None = None, **more: Any
) -> None:
    if update_fields is not None and not {"data", "extra_data", "user"} & set(update_fields):
        return
    if instance.pk is not None:
        kept = sender._base_manager.filter(pk=instance.pk).first()
        if kept is not None and not is_genuine(kept):
            raise binding.Forged(sender._meta.db_table)
    bind(instance)


class BoundFactors(models.QuerySet[Any]):
    """Rows that fit. There are a handful for one user, so that counting reads them."""

    def _fetch_all(self) -> None:
        fresh = self._result_cache is None
        super()._fetch_all()
        if fresh and issubclass(self._iterable_class, ModelIterable):
            self._result_cache = [row for row in self._result_cache or () if _fits(row)]

    def iterator(self, *args: Any, **more: Any) -> Iterator[Any]:
        return (row for row in super().iterator(*args, **more) if _fits(row))

    def first(self) -> Any:
        return next(iter(self if self.ordered else self.order_by("pk")), None)

    def exists(self) -> bool:
        return bool(len(self))

    def count(self) -> int:
        return len(self)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Forged rows go too."""
        plain: models.QuerySet[Any] = models.QuerySet(
            self.model, query=self.query.chain(), using=self.db
        )
        return plain.delete()


def _fits(row: Any) -> bool:
    if row.get_deferred_fields() or is_genuine(row):
        return True
    binding.told(row._meta.db_table, row.pk)
    return False


def install() -> None:
    """Let allauth's manager of factors leave out what does not fit. Of linked sign-ins, only the
    adapter asks: a sign-in is the one thing that a link opens."""
    AuthenticatorManager.get_queryset = _bound_queryset
    for model in (Authenticator, SocialAccount):
        pre_save.connect(_before_saving, sender=model, dispatch_uid=f"bound.{model._meta.db_table}")
        binding.CHECKED[model._meta.db_table] = _finder(model)


def _bound_queryset(manager: Any) -> BoundFactors:
    return BoundFactors(model=manager.model, using=manager._db, hints=manager._hints)


def _finder(model: Any) -> Any:
    def forged() -> Iterator[str]:
        rows: models.QuerySet[Any] = models.QuerySet(model)
        for row in rows:
            if not is_genuine(row):
                yield str(row.pk)

    return forged
