"""Where the root key for the key file is: nowhere, the environment, an HSM, a KMS.

Envelope: a root key (here) seals the key file, its key-encryption keys wrap the data key of each
person, and those seal names. A source is asked once when a process first reads the key file and
again after a rotation, never per name, so that a slow or distant one costs nothing on a page, and
one that is away for an hour stops nobody who is already working (NIST SP 800-57 part 1, 6.2).

  OSLONAC_KEY_SOURCE   file (default), environment, pkcs11, transit or program

Belongs here: choosing a source. Does not: the key file (`keyfile`), keys inside it (`keyring`).
"""

import os
import sys

from oslonac.vault.sources.base import Source, SourceFailed
from oslonac.vault.sources.environment import EnvironmentSource
from oslonac.vault.sources.plain import PlainSource
from oslonac.vault.sources.program import ProgramSource, from_setting

__all__ = ["Source", "SourceFailed", "configured"]

VARIABLE = "OSLONAC_KEY_SOURCE"
_SHIPPED = {"pkcs11": "oslonac.vault.sources.pkcs11", "transit": "oslonac.vault.sources.transit"}


def configured() -> Source:
    """The source that the environment names. Raises SourceFailed for one that there is not."""
    name = os.environ.get(VARIABLE, "") or PlainSource.name
    if name == PlainSource.name:
        return PlainSource()
    if name == EnvironmentSource.name:
        return EnvironmentSource()
    if name in _SHIPPED:
        return ProgramSource(name, (sys.executable, "-m", _SHIPPED[name]))
    if name == ProgramSource.name:
        return from_setting()
    known = ", ".join(["file", "environment", *_SHIPPED, "program"])
    raise SourceFailed(f"{VARIABLE} says {name!r}; it may be one of: {known}.")
