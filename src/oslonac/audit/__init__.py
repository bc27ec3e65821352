"""The event ledger: what was done, by whom, on which record, and what was refused or read.

Events name fields, never values, and hold no foreign keys. They are appended in the transaction
of the change they describe; a sealer then links finished transactions into a hash chain.

Belongs here: events, the chain, its verification, the `action` decorator, repeated requests.
Does not: what an action does (each package's `actions`).
"""
