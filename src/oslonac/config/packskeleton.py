"""A country pack to start from, copied from `tables/pack`; roles are listed from the code."""

from pathlib import Path
from zoneinfo import available_timezones

SKELETON = Path(__file__).with_name("tables") / "pack"


class BadSkeleton(ValueError):
    """No pack can be made like this; a sentence."""


def make(folder: Path, *, country: str, zone: str) -> list[Path]:
    """Write the files of a new pack; returns them. Raises BadSkeleton."""
    if folder.exists() and any(folder.iterdir()):
        raise BadSkeleton(f"{folder} is not empty.")
    if not (len(country) == 2 and country.isascii() and country.isalpha()):
        raise BadSkeleton(f"“{country}” is no country code of two letters.")
    if zone not in available_timezones():
        raise BadSkeleton(f"There is no time zone “{zone}”.")
    made = []
    words = {
        "id: country": f"id: {folder.name}",
        "{en: country}": f"{{en: {folder.name}}}",
        "code: XX": f"code: {country.upper()}",
        "value: UTC": f"value: {zone}",
    }
    for source in sorted(path for path in SKELETON.rglob("*") if path.is_file()):
        text = source.read_text("utf-8")
        if source.name == "pack.yaml":
            for word, value in words.items():
                text = text.replace(word, value)
        made.append(_write(folder / source.relative_to(SKELETON), text))
    made.append(_write(folder / "roles.yaml", roles()))
    return made


def roles() -> str:
    """One role for each set of permissions, under its plain name."""
    from oslonac.access.roles import Role

    lines = [
        "# Roles that people hold. archetype: what the role may do (docs/reference/roles.md).",
        "# Rename them, leave out those you do not have, add others; two may share an archetype.",
        "# Codes are stored: never rename one that was given to somebody.",
        "roles:",
    ]
    for role in Role:
        title = str(role.label)
        lines += [f"  - code: {role.value}", f"    archetype: {role.value}"]
        lines += [f"    title: {{en: {title}}}"]
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
