from typing import Any

from django.utils.translation import gettext_lazy as _

from oslonac.kit import rooms

# What the ledger says of blocks, ties and grants (`audit.rows.Said`).
_BLOCK, _TIE = "(e.data->>'block')::uuid", "(e.data->>'tie')::uuid"
_SAID: tuple[dict[str, Any], ...] = (
    {
        "table": "access_block",
        "events": ("block.set", "conflict.declared"),
        "row": _BLOCK,
        "is_there": True,
    },
    {
        "table": "access_block",
        "events": ("block.lifted",),
        "row": _BLOCK,
        "so": "r.ends_at <= e.at",
    },
    {"table": "access_tie", "events": ("tie.noted",), "row": _TIE, "is_there": True},
    {"table": "access_grant", "events": ("grant.ended",), "so": "r.ends_at <= e.at"},
)


class CasesConfig(rooms.Room):
    name = "oslonac.cases"
    label = "cases"
    adds = rooms.Adds(
        routes={"": "urls"},
        api={"api.ROUTERS": 30},
        statuses=("rules", "trust.rules"),
        exported=(
            *("concern", "decision", "transfer", "consent", "ownrequest"),
            *("assessment", "plan", "goal", "promise", "contact", "review"),
        ),
        not_exported=("activity", "emergency"),
        kept_as={"trafficking": ("concern", {"kind__startswith": "trafficking"})},
    )

    def ready(self) -> None:
        from oslonac.audit import rows
        from oslonac.cases import analysis, named, notice_kinds, records
        from oslonac.cases.duties.steps import procedures, reminders  # noqa: F401  (registers steps)
        from oslonac.cases.steps import (  # noqa: F401  (registers steps)
            around,
            handing_over,
            identity,
            responsibility,
        )
        from oslonac.cases.trust.steps import (  # noqa: F401  (registers steps)
            blocks,
            consent,
            emergencies,
            grants,
        )
        from oslonac.people import changes

        for said in _SAID:
            rows.SAID.append(rows.Said(**said))
        analysis.connect()
        records.register()
        named.register()
        notice_kinds.register()
        changes.on_change(_owed_again)
        _register_navigation()


def _owed_again(person: Any) -> None:
    """What is said of a child's age changes what procedures ask for."""
    from oslonac.cases.duties import reckoning

    reckoning.reckon(reckoning.of_person(person.pk))


def _register_navigation() -> None:
    from oslonac.access.roles import Permission
    from oslonac.web.navigation import NavItem, holding, register

    register(
        NavItem("cases", _("Cases"), "cases:mine", "case", 20, "c", holding(Permission.CASE_READ))
    )
    register(
        NavItem(
            "emergencies",
            _("Emergencies"),
            "cases:emergencies",
            "alert",
            70,
            permission=holding(Permission.LEDGER_READ),
        )
    )
