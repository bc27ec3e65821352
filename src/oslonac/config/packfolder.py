"""Where the country pack lies."""

import os
from pathlib import Path

import yaml

SERBIA = ("RS", "Europe/Belgrade")


def pack_dir() -> Path:
    """OSLONAC_PACK, else `packs/serbia` of the checkout."""
    chosen = os.environ.get("OSLONAC_PACK")
    if chosen:
        return Path(chosen).expanduser().resolve()
    return Path(__file__).resolve().parents[3] / "packs" / "serbia"


def calendar(folder: Path) -> tuple[str, str]:
    """Country code of the public holidays and time zone, as the pack's `pack.yaml` says; those of
    the default pack where it says nothing."""
    path = folder / "pack.yaml"
    said = yaml.safe_load(path.read_text("utf-8")) if path.exists() else None
    said = said if isinstance(said, dict) else {}
    country = (said.get("country") or {}).get("code") or SERBIA[0]
    return str(country), str((said.get("time_zone") or {}).get("value") or SERBIA[1])
