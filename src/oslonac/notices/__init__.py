"""Notices to people: the inbox, e-mail and web push.

Belongs here: who is told (a person, or whoever holds a post), once and no more; the inbox; the two
ways out of the system, which carry no personal data; quiet hours; who is away. Does not: when
somebody has to be told. That is said by the packages above: reminders of duties in
`protocols.reminders`, everything else by one call of `notices.actions.notify`.
"""
