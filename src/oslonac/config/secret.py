"""The key that signs sessions and forms, kept beside the key file, made at first use."""

import os
import secrets
from pathlib import Path

FILE_NAME = "session.key"


def secret_key(folder: Path) -> str:
    """The key in `folder`, made (mode 0600) when there is none yet."""
    path = folder / FILE_NAME
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    key = secrets.token_urlsafe(50)
    with os.fdopen(handle, "w") as file:
        file.write(key)
    return key
