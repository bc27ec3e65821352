"""Hooks for packages above: called when the facts of a person have changed.

People does not know who keeps a copy of what; `on_change` is called from AppConfig.ready of who
does. Listeners run inside the transaction of the change: they fail with it, it fails with them.
"""

from collections.abc import Callable

from oslonac.kit.once import Once
from oslonac.people.models import Person

Listener = Callable[[Person], None]
_listeners: list[Listener] = Once()


def on_change(listener: Listener) -> None:
    """`listener` gets the person as it stands after the change; its row is locked. Once each."""
    _listeners.append(listener)


def changed(person: Person) -> None:
    """A name or a statement was added; called by `people.actions`."""
    for listener in _listeners:
        listener(person)
