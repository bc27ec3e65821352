"""Family tracing: who searches for whom, possible matches, how both sides were checked, and what
came of it.

Belongs here: tracing requests, candidates, verification, reunification, follow-up. Does not: how
alike two people are (`matching`), and everything else about the child (`cases`).

Nothing about a registered child reaches whoever asks before two people have each checked one side,
and the child has not said no. Until then only the child's own case manager learns that somebody
seeks the child.
"""
