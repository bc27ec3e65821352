"""Casework: encounter, triage, case, concerns, assessment, plan, contacts, reviews, decisions,
transfer and closing; the timeline and the case page.

Belongs here: what happens in a case whoever does it. Does not: guardianship and placements,
which have packages of their own above this one and add themselves through `extensions`.
"""
