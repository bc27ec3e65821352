"""Pages for administrators and auditors: users and posts, access list, activity log.

Belongs here: translation to and from HTTP. Does not: any rule or write of its own except
checking the chain; users are `accounts`, grants are `access` and `cases`, events are `audit`.
"""
