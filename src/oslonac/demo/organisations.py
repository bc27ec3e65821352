"""The forty organisations that take part. All but four are public ones of the country pack;
the four are invented, say so in their names and are marked in the register."""

from oslonac.directory.models import Organisation

# Centres for social work, with how many of a hundred children are met there.
CENTRES: dict[str, int] = {
    "csw-vranje": 12,
    "csw-presevo": 10,
    "csw-bujanovac": 6,
    "csw-subotica": 9,
    "csw-sid": 8,
    "csw-sombor": 6,
    "csw-beograd": 14,
    "csw-nis": 7,
    "csw-pirot": 3,
    "csw-dimitrovgrad": 3,
    "csw-loznica": 3,
    "csw-sremska-mitrovica": 3,
    "csw-novi-sad": 4,
    "csw-kanjiza": 2,
    "csw-kikinda": 2,
    "csw-kragujevac": 2,
    "csw-kraljevo": 2,
    "csw-sjenica": 2,
    "csw-tutin": 1,
    "csw-leskovac": 1,
}
# Where children live who are placed with an organisation, by the centre that places them.
SHELTERS: dict[str, tuple[str, ...]] = {
    "csw-vranje": ("rc-bujanovac", "ac-vranje"),
    "csw-presevo": ("rc-presevo", "rc-miratovac"),
    "csw-bujanovac": ("rc-bujanovac",),
    "csw-subotica": ("rc-subotica",),
    "csw-sid": ("rc-sid", "rc-adasevci"),
    "csw-sombor": ("rc-sombor",),
    "csw-beograd": ("prihvatiliste-beograd", "ac-krnjaca"),
    "csw-sjenica": ("ac-sjenica",),
}
ELSEWHERE = ("uasc-centre-nis", "ac-sjenica", "ac-krnjaca")
RECEIVING = tuple(dict.fromkeys([*(code for row in SHELTERS.values() for code in row), *ELSEWHERE]))
PARTNERS = ("border-police", "cptv", "nes", "ministry-social", "line-116111", "rzsz")
# Taken where a centre needs a partner that the pack does not name there.
_INVENTED: dict[str, tuple[str, str, str, str, str]] = {
    "demo-field-team": (
        "ngo",
        "rs-vranje",
        "Field team South (invented)",
        "Terenski tim Jug (izmišljeno)",
        "Теренски тим Југ (измишљено)",
    ),
    "demo-interpreters": (
        "other",
        "rs-vranje",
        "Pool of interpreters (invented)",
        "Krug prevodilaca (izmišljeno)",
        "Круг преводилаца (измишљено)",
    ),
    "demo-health-vranje": (
        "health",
        "rs-vranje",
        "Health post Vranje (invented)",
        "Zdravstvena stanica Vranje (izmišljeno)",
        "Здравствена станица Врање (измишљено)",
    ),
    "demo-school-vranje": (
        "school",
        "rs-vranje",
        "Elementary school Vranje (invented)",
        "Osnovna škola Vranje (izmišljeno)",
        "Основна школа Врање (измишљено)",
    ),
}


def make_invented() -> None:
    """Put the invented organisations into the register."""
    for code, (kind, place, english, latin, cyrillic) in _INVENTED.items():
        Organisation.objects.get_or_create(
            code=code,
            defaults={
                "kind": kind,
                "place_id": place,
                "names": {"en": english, "sr-Latn": latin, "sr-Cyrl": cyrillic},
                "is_demo": True,
                "source": "invented for the demonstration",
                "verified": False,
            },
        )
