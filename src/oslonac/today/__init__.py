"""The first page of everybody who signs in: what waits, by child, the most pressing first.

Belongs here: putting together what rooms below say. Does not: what a duty is
called (`cases.views`).
"""
