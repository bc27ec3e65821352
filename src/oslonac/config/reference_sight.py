"""The reference page of row policies: who can see the rows of each table, and all bypasses.

Belongs here: wording the declarations (`vault.row_policy`) for a reader. Does not: the SQL they
become (`access.row_level`).
"""

from typing import Any

HEAD = "<!-- Written by `oslonac docs build` from the code. Do not edit. -->\n\n"


def sight() -> str:
    """Every table with its rule; every reason to look past it with the tables it opens."""
    from oslonac.access import analysis, row_level
    from oslonac.vault.row_policy import Bypass

    declared = sorted(row_level.declared().items(), key=lambda pair: pair[0]._meta.label)
    lines = [
        "# Who is shown which rows\n",
        "PostgreSQL holds the application's role to these rules, whatever SQL it sends. A record "
        "(a case, an encounter, a tracing request) is shown by a grant in force that no block "
        "closes; other rows hang on records. Levels are those of "
        "[grants](../adr/0006-row-level-security.md).\n",
        "| Table | Shown |",
        "|---|---|",
    ]
    lines += [f"| {model._meta.label} | {_words(said)} |" for model, said in declared]
    lines += [
        "\n## Looking past what the actor sees\n",
        "Code says `reader.bypass(Bypass.X)` around a few statements. Each reason opens only the "
        "tables that name it.\n",
        "| Reason | For what | Opens |",
        "|---|---|---|",
    ]
    for why in Bypass:
        opened = [model._meta.label for model, said in declared if why in said.bypass]
        lines.append(f"| `{why.code}` | {why.purpose} | {', '.join(opened)} |")
    lines += ["\n## Views for analysts (schema `analysis`)\n", "| View | Counted by |", "|---|---|"]
    lines += [
        f"| {each.name} | {', '.join(f'`{name}`' for name in each.columns)} |"
        for each in analysis.registered()
    ]
    return HEAD + "\n".join(lines) + "\n"


def _words(said: Any) -> str:
    if said.open:
        return f"to everybody: {said.open}"
    ways = list(_ways(said))
    if said.mine:
        ways.append(f"to whom `{said.mine}` names")
    if said.office:
        ways.append(f"to the people of `{said.office}` with `{said.office_right}`")
    if said.right:
        ways.append(f"with `{said.right}`")
    return "; ".join(ways)


def _ways(said: Any) -> Any:
    from oslonac.access.rules import Level

    level = f"from level {Level(said.level).name.lower()}"
    if said.keys:
        yield "with the rows sealed under it, from the level those name"
    if said.own:
        yield f"to the user in `{said.own}`"
    if said.record:
        yield f"by a grant on this {said.record}, {level}"
    if said.through:
        yield f"with {' and '.join(f'`{name}`' for name in said.through.split())}, {level}"
    if said.either:
        yield f"with {' or '.join(f'`{name}`' for name in said.either.split())}, {level}"
    if said.carried_by:
        yield f"with a shown {said.carried_by}, {level}"
    if said.all_of:
        yield f"with every {said.all_of}, {level}, and to nobody who misses one"
    if said.about:
        named = " or ".join(f"`{name}`" for name in said.about.split())
        yield f"with the record in {named}, {level}"
    for rule in said.stricter:
        more = f"level {Level(rule.level).name.lower()}"
        more += " and whereabouts" if rule.whereabouts else ""
        yield f"where `{rule.column}` is {' or '.join(rule.values)}: {more}"
