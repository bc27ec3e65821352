"""The access matrix: who gets where, asked of the whole system and compared with a reviewed table.

Belongs here: the small world it is asked in, the table of what is expected, the walk that
compares. Does not belong here: enforcement (`access`), and tests of one feature. Nothing here
runs on an installation's own records: `oslonac access matrix` makes a database of its own and
drops it.
"""
