"""What can go wrong in an action, as sentences for people and codes for programs."""

from collections.abc import Mapping


class Refused(Exception):
    """A rule forbids the step. `code` is stable for programs; the text is for people."""

    def __init__(self, code: str, message: object, *, field: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field


class Invalid(Refused):
    """What was typed cannot be taken: one sentence a field."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        first = next(iter(fields), "")
        super().__init__("invalid", fields.get(first, ""), field=first)
        self.fields = dict(fields)


class Stale(Exception):
    """Somebody wrote first. `current` is the record as it stands now."""

    def __init__(self, current: object) -> None:
        super().__init__("stale")
        self.current = current


class Denied(Exception):
    """The actor lacks the permission; the record's existence is already known to them."""

    def __init__(self, permission: str, *, record: object | None = None) -> None:
        super().__init__(permission)
        self.permission = permission
        self.record = record


class NotFresh(Exception):
    """The step asks for a proof of who acts that is minutes old, and the last one is older."""

    def __init__(self, action: str) -> None:
        super().__init__(action)
        self.action = action


class Hidden(Exception):
    """To this actor the record does not exist: unknown, hidden and foreign ids look alike."""

    def __init__(self, kind: str, record_id: object) -> None:
        super().__init__(kind)
        self.kind = kind
        self.record_id = record_id
