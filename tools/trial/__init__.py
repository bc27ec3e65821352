"""Made-up people to learn from and to measure with.

Belongs here: drawing people, writing their names as many hands would, making errors as
registers have them. Does not belong here: anything the product runs. Nobody here is real:
names are drawn from the table of common names and from rules.
"""
