"""Proofs over the whole system that an installation can repeat: who gets where.

Belongs here: the small world such a proof is made in, the reviewed table of what is expected, and
the walk that compares. Does not belong here: enforcement (`access`), and tests of one feature.
Nothing here runs on an installation's own records: `oslonac access matrix` makes a database of its
own and drops it.
"""
