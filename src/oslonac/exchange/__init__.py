"""Exports: caseloads, case files, the ledger, encrypted for their receiver.

Belongs here: what an export holds, who may make it, the log of exports with purpose and receiver.
Does not: sealing (`vault.envelopes`), spreadsheets (`kit.sheets`).
"""
