"""What the ledger keeps of a question: keyed hashes, never the question.

The same name asked for in any script has one fingerprint, so that somebody who asks for one
person again and again can be noticed without a word of it being stored.
"""

from oslonac.matching import keys
from oslonac.matching.index import recipe
from oslonac.vault.sealing import keyed

LENGTH = 24  # hex digits; 96 bits


def of_text(text: str) -> str:
    """Of the very words, whatever their case and spacing; empty for nothing."""
    plain = " ".join(text.split())
    return keyed("index", f"search:{plain}").hex()[:LENGTH] if plain else ""


def of_name(text: str) -> str:
    """Of the name in any script and order; empty where no name can be read."""
    words = []
    for part in recipe.reader().name(text).parts:
        known = sorted(recipe.reader().known.entries[number].latin[0] for number in part.known)
        words.append(known[0] if known else keys.word_keys(part)[0])
    return keyed("index", "name:" + "+".join(sorted(words))).hex()[:LENGTH] if words else ""
