"""Duplicates in registers past one machine: keyed tables out, Spark and Splink over them, pairs in.

Belongs here: preparing, the job for the cluster, judging what comes back. Does not belong here:
the search on one machine (`oslonac.matching.duplicates`). `docs/SCALE.md` says how.
"""
