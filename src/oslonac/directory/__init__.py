"""Places, organisations, their services and contacts: what a pack documents and editors keep.

Terms follow the Open Referral Human Services Data Specification (HSDS 3.0) where it has them.
Every entry carries its source, the date it speaks of and whether it was verified.

Belongs here: the register, its loading from a pack, look-ups. Does not: people who work there
(`accounts`), who is on duty (`duty`).
"""
