"""Persons: names in any script, statements with their provenance, relations, travel groups.

Facts about a person are statements: a value, who said it, how it was known and when. Nothing is
overwritten. The columns on `Person` are a projection for lists and statistics, picked by
`rules.best`.

Belongs here: who somebody is and who belongs with whom. Does not: what is done for them.
"""
