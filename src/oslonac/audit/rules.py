"""Names of formats, as constants. Pure."""

PUBLICATION = "oslonac ledger roots 1"
PROOF = "oslonac ledger proof 1"
