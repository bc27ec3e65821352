"""Loading the country pack that settings name."""

from pathlib import Path


def load_if_changed() -> bool:
    """Whether the pack's content was new and has been loaded."""
    from django.conf import settings

    from oslonac.directory.loading import load_if_changed as load

    return load(Path(settings.OSLONAC_PACK))
