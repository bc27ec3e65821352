"""Assessing and planning: concerns, assessments, plans, promises, contacts and reviews.

Belongs here: actions, steps, API and sections of the case page about this work. Does not: what a
procedure asks for (`protocols`), closing (`cases`). The tables lie in `cases.models`: duties, the
closing rules and the case page read them in one go.
"""
