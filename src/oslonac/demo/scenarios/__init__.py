"""The twenty stories of the field, told through the real actions so that a newcomer finds them.

What of a story today's system cannot hold yet is said on the page, not acted.
"""

from oslonac.demo.ids import Source
from oslonac.demo.scenarios import border, care, returns, trafficking
from oslonac.demo.scenarios.family import father_asks
from oslonac.demo.scenarios.story import Scenario, Target, Teller
from oslonac.demo.scenarios.twice import written_down_twice
from oslonac.demo.world import World
from oslonac.demo.writing.by_actions import ByActions

SCENARIOS: tuple[Scenario, ...] = tuple(
    sorted(
        [*border.SCENARIOS, *care.SCENARIOS, *returns.SCENARIOS, *trafficking.SCENARIOS],
        key=lambda scenario: scenario.number,
    )
)

__all__ = ["SCENARIOS", "Scenario", "Target", "tell_all"]


def tell_all(world: World, ids: Source) -> None:
    """Play every scenario, and note in the ledger which record shows it."""
    from oslonac.demo.mass import mark_done

    teller = Teller(world, ByActions(ids))
    for scenario in SCENARIOS:
        target = scenario.tell(teller)
        ids.at(world.now)
        mark_done(
            f"scenario:{scenario.number}",
            world.now,
            scenario=scenario.number,
            kind=target.kind,
            id=target.record_id,
        )
    father_asks(teller)
    written_down_twice(teller)
