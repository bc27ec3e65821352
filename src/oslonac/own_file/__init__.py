"""Print-out for the person: what is kept, why, who can see it, who opened it, their rights.

Belongs here: the texts of the pack in the person's language, and putting the sheet together.
Does not: HTTP (`own_file.views`), what staff read (`cases.page`).
"""
