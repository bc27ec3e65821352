"""What the country pack says of its country: calendar, languages, roles, kinds of office and of
placement, read from its files into plain values.

Belongs here: reading those files, and the words that a page shows for them. Does not belong here:
what a role may do (`access.roles`), what the pack loads into the register (`directory.loading`),
saying everything that is wrong with a pack (`directory.checking`).
"""

from oslonac.country.current import alphabetical, country
from oslonac.country.texts import in_language, tag

__all__ = ["alphabetical", "country", "in_language", "tag"]
