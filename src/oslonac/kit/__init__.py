"""Small things every package may use: clock, ids, text, calendars, errors.

Belongs here: pure helpers with no knowledge of the domain and no database.
Does not: anything that needs Django models, a request or a setting.
"""
