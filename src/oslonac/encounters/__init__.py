"""Encounters: who was met where, whether they are at risk, and what came of it.

Belongs here: recording, triage, the intake form, lists of what waits. Does not: the case that
follows (`cases`), finding people (`search`).
The table lies in `cases.models`, for a case hangs on it.
"""
