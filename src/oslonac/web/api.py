"""What the packages' `api` modules share, in one place to import from.

The mechanics themselves stand in `accounts` (`api_types`, `api_problems`, `api_operations`,
`api_disclosure`, `api_files`), because the operations of accounts need them and lie below this
package.
"""

from oslonac.accounts.api_disclosure import Disclosure, OfficeRef, StaffRef, Withheld, office, staff
from oslonac.accounts.api_files import read_form
from oslonac.accounts.api_operations import ApiRequest, operation, perform, performed
from oslonac.accounts.api_problems import shape_of, shaped
from oslonac.accounts.api_types import (
    Code,
    Codes,
    Day,
    Id,
    In,
    LevelName,
    Line,
    Moment,
    Narrative,
    Out,
    Page,
    PageIn,
    Revision,
    level_name,
    paged,
)

__all__ = [
    "ApiRequest",
    "Code",
    "Codes",
    "Day",
    "Disclosure",
    "Id",
    "In",
    "LevelName",
    "Line",
    "Moment",
    "Narrative",
    "OfficeRef",
    "Out",
    "Page",
    "PageIn",
    "Revision",
    "StaffRef",
    "Withheld",
    "level_name",
    "office",
    "operation",
    "paged",
    "perform",
    "performed",
    "read_form",
    "shape_of",
    "shaped",
    "staff",
]
