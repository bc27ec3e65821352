"""Plain text: UTF-8 throughout, without control characters; read chunk by chunk."""

import codecs
from typing import IO

from oslonac.documents.rules import ENCODING, UNKNOWN, is_plain
from oslonac.kit.errors import Refused

_CHUNK = 64 * 1024


def check(content: IO[bytes]) -> None:
    """Raise Refused for a file that only began like a text."""
    content.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := content.read(_CHUNK):
            if not is_plain(chunk):
                raise ValueError("control characters")
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as problem:
        raise Refused("document.type", str(ENCODING), field="file") from problem
    except ValueError as problem:
        raise Refused("document.type", str(UNKNOWN), field="file") from problem
