"""Where a person lives and who decided it: emergency places, foster care, institutions.

Belongs here: placements of a child. Does not: free places of a provider (`directory`, later
`duty`), the guardian (`guardianship`).
"""
