"""Who may see a case: grants, consents, blocks, emergencies. A feature of `cases`.

Belongs here: rules, actions, steps, API and parts of the case page about access. Does not: how
reach is computed (`access`), the person's own file (`own_file`).
"""
