"""Made-up personal values that are typed during fuzzing and must turn up in no log.

Each is long enough not to occur by chance; `tests.stolen` looks for them in many encodings.
"""

from oslonac.people.models import PersonName, Statement
from oslonac.vault.sealing import open_many

TYPED = (
    "Zvezdana Kanarinac-Ptičić",
    "Звездана Канаринац",
    "پرنده قناری زردپوش",
    "عصفور الكناري الأصفر",
    "+381 64 555 70 11 22",
    "PX-7713-KANARINAC",
    "Canary said she was locked in the yellow house by the river.",
)


def sealed_texts() -> set[str]:
    """Names, phones, documents and addresses of the people in the world. Ask as the system."""
    found = {
        text["full"]
        for text in open_many(PersonName.objects.select_related("key"), "full").values()
    }
    rows = Statement.objects.select_related("key")
    for text in open_many(rows, "detail").values():
        found.add(text["detail"])
    return {each for each in found if each}
