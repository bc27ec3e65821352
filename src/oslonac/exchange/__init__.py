"""What leaves the system by hand: caseloads, case files, the ledger, sealed to their receiver.

Belongs here: what an export holds, who may make it, the log of exports with purpose and receiver.
Does not: sealing (`vault.envelopes`), spreadsheets (`kit.sheets`).
"""
