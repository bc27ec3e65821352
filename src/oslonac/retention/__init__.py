"""Retention periods, legal holds, and the destruction of files.

Belongs here: periods of the pack and of a centre, legal holds, proposals that two people decide,
the erasure itself with its signed certificate, the report of what was disposed. Does not: the
destruction of keys and the erasure list (`vault.erasers`, `vault.erasures`).
"""
