"""Who may do what, and who may see which record, why and until when.

Roles and permissions are code (a role is a list of permissions); grants are rows (record, who,
level, why, until). Whoever holds no grant on a record sees nothing of it: the record does not
exist for them.

Belongs here: roles, permissions, the actor, grants, the checks.
Does not: users and sign-in (`accounts`), the record of what was done or refused (`audit`).
"""
