"""Where the country pack lies."""

import os
from pathlib import Path


def pack_dir() -> Path:
    """OSLONAC_PACK, else `packs/serbia` of the checkout."""
    chosen = os.environ.get("OSLONAC_PACK")
    if chosen:
        return Path(chosen).expanduser().resolve()
    return Path(__file__).resolve().parents[3] / "packs" / "serbia"


def pack_around(path: Path) -> Path:
    """The pack that a file or folder belongs to: the nearest folder above with a `pack.yaml`, else
    the pack of this installation."""
    for folder in (path.resolve(), *path.resolve().parents):
        if (folder / "pack.yaml").is_file():
            return folder
    return pack_dir()
