"""What is sent with each request, so that authority is really reached and the step really taken.

The API's own description gives JSON bodies; pages give their forms, read as somebody who may. A
line of the table adds under `send` what neither can know. Bodies are made once and sent by all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps

from oslonac.access.roles import Role
from tools.access_matrix.asking import Asker
from tools.access_matrix.bodies import Bodies, named
from tools.access_matrix.expected import Line
from tools.access_matrix.forms import Form, forms_of
from tools.access_matrix.relations import Relation
from tools.access_matrix.walk import API, READS, Request
from tools.access_matrix.world import World

# Whoever between them is offered every form there is.
OFFERED = (
    Role.SUPERVISOR,
    Role.CASE_MANAGER,
    Role.FIELD_WORKER,
    Role.ADMINISTRATOR,
    Role.AUDITOR,
    Role.EDITOR,
    Role.GUARDIAN,
)


@dataclass
class Sending:
    """Bodies by the title of the line."""

    world: World
    at: datetime
    bodies: Bodies
    asked: list[tuple[Request, Line]]
    forms: dict[str, Form] = field(default_factory=dict)
    made: dict[str, Any] = field(default_factory=dict)
    revisions: dict[UUID, int] = field(default_factory=dict)
    read: set[str] = field(default_factory=set)

    def prepare(self, *, forms: bool = True) -> None:
        """Make all bodies. `forms`: read every page that has one first, which takes a minute."""
        ids = {each for each in self.world.records.values() if isinstance(each, UUID)}
        self.revisions = dict(_revisions(ids))
        # Later pages do not take the place of a form found before.
        for role in OFFERED if forms else ():
            user = self.world.people[role, Relation.OWN]
            self._read(Asker(user, self.world.records, self.world.own[user.pk]))
        for request, line in self.asked:
            if request.method == READS:
                self.made[line.title] = named(line.send, self.world.records)
            else:
                self.made[line.title] = self._body(request, line)

    def body(self, line: Line) -> Any:
        return self.made.get(line.title)

    def _read(self, asker: Asker) -> None:
        for request, line in self.asked:
            address = asker.address(request, line.use)
            if request.method != READS or address in self.read or request.path.startswith(API):
                continue
            page = asker.ask(request, use=line.use)
            if page.status == 200:
                self.read.add(address)
                for form in forms_of(page.body):
                    self.forms.setdefault(form.action.split("?")[0].split("#")[0] or address, form)

    def _body(self, request: Request, line: Line) -> Any:
        user = self.world.people[OFFERED[0], Relation.OWN]
        asker = Asker(None, self.world.records, self.world.own[user.pk])
        records = dict(self.world.records)
        for name, variant in line.use.items():
            if f"{name}.{variant}" in records:
                records[name] = records[f"{name}.{variant}"]
        if request.operation is not None:
            body = self.bodies.of(request.operation, records)
            last = [part for part in asker.address(request, line.use).split("/") if len(part) == 36]
            if isinstance(body, dict) and "revision" in body and last:
                body["revision"] = self.revisions.get(UUID(last[-1]), body["revision"])
            return body if body is None else body | named(line.send, records)
        form = self.forms.get(asker.address(request, line.use))
        given = named(line.send, records)
        return dict(given) if form is None else form.filled(self.at, given)


def _revisions(ids: set[UUID]) -> Iterator[tuple[UUID, int]]:
    for model in apps.get_models():
        if any(each.name == "revision" for each in model._meta.fields):
            rows = model._default_manager.filter(pk__in=ids)
            yield from rows.values_list("pk", "revision")
