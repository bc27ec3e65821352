"""Where the country pack lies."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml


def pack_dir() -> Path:
    """OSLONAC_PACK, else `packs/serbia` of the checkout."""
    chosen = os.environ.get("OSLONAC_PACK")
    if chosen:
        return Path(chosen).expanduser().resolve()
    return Path(__file__).resolve().parents[3] / "packs" / "serbia"


@contextmanager
def taking(folder: Path) -> Iterator[None]:
    """Within: the settings read this pack. What stood in OSLONAC_PACK before stands after."""
    before = os.environ.get("OSLONAC_PACK")
    os.environ["OSLONAC_PACK"] = str(folder)
    try:
        yield
    finally:
        os.environ.pop("OSLONAC_PACK")
        if before is not None:
            os.environ["OSLONAC_PACK"] = before


def _said(folder: Path) -> dict[str, Any]:
    """What the pack's `pack.yaml` says; nothing when there is none."""
    path = folder / "pack.yaml"
    said = yaml.safe_load(path.read_text("utf-8")) if path.exists() else None
    return said if isinstance(said, dict) else {}


def staff_language(folder: Path) -> str:
    """The tag of the language that most of the pack's staff write in, such as `sr-Latn`."""
    languages = _said(folder).get("staff_languages") or []
    return next((str(each["code"]) for each in languages if each.get("default")), "en")


def pack_around(path: Path) -> Path:
    """The pack that a file or folder belongs to: the nearest folder above with a `pack.yaml`, else
    the pack of this installation."""
    for folder in (path.resolve(), *path.resolve().parents):
        if (folder / "pack.yaml").is_file():
            return folder
    return pack_dir()
