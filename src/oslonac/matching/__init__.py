"""Is this the same person: names across scripts, persons, keys to find them by.

Belongs here: pure functions over plain values. Does not belong here: models, queries,
secrets (keys leave here in the clear and are sealed by the caller), any decision: a
comparison proposes, with reasons; a person decides.
"""
