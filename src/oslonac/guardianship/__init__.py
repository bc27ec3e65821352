"""Guardians: oral appointment at first contact, written decision, handover, end, load.

Belongs here: who guards a child and on what ground. Does not: where the child lives
(`placements`).
"""
