"""Pages of those who administer and of those who check: users and posts, grants, the ledger.

Belongs here: translation to and from HTTP. Does not: any rule or write of its own except
checking the chain; users are `accounts`, grants are `access` and `cases`, events are `audit`.
"""
