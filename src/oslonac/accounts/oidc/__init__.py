"""Signing in through an organisation's own identity provider (OpenID Connect Core 1.0).

Configured by the environment (see `configuration`). It opens accounts that exist and were linked
by their owner while signed in; it makes none. Nothing the provider says of a person is kept: of
the subject only a keyed hash, of claims nothing.
"""
