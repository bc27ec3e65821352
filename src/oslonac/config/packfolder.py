"""Where the country pack lies."""

import os
from pathlib import Path


def pack_dir() -> Path:
    """OSLONAC_PACK, else `packs/serbia` of the checkout."""
    chosen = os.environ.get("OSLONAC_PACK")
    if chosen:
        return Path(chosen).expanduser().resolve()
    return Path(__file__).resolve().parents[3] / "packs" / "serbia"
