"""The person's own print-out: what is kept, why, who can see it, who looked, what they may ask.

Belongs here: the texts of the pack in the person's language, and putting the sheet together.
Does not: HTTP (`cases.views.own_file`), what staff read (`cases.page`).
"""
