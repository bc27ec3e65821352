"""Reminders of duties: before, at and after a deadline; first to the person responsible.

`plan` says when whom, as a table and pure functions; `table` reads it from the pack; `people` finds
who is there; `sending` is the job that tells them through `notices`; `muting` and `queries` serve
the pages. Does not belong here: how a message leaves the system (`notices`), what is due
(`dcr`).
"""
