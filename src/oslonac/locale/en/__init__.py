"""English: the language the texts are written in."""
