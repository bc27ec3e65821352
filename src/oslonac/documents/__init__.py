"""Documents in a case: upload, scan, download.

Belongs here: which types of files are accepted and what is done to each, the record of a
document, its panel, steps and download. Does not: sealing bytes (`vault.streams`), taking uploads
off the wire (`vault.uploads`), talking to the scanner (`vault.scanning`).
"""
