"""Users, memberships, API tokens, sign-in.

Staff names, e-mail addresses and phones are sealed like everybody else's: a stolen database
must not say who protects whom. A login name is stored as a keyed hash only.

Belongs here: who a person is to the system, which posts they hold and when, how they sign in.
Does not: what a role may do (`access`).
"""
