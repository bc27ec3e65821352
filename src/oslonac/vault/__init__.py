"""Sealed identity: keys, sealed fields and what each field of every model gives away.

A person's names, contacts, exact addresses and narratives are encrypted under a key of the
person's own (`DataKey`), which is wrapped by a key-encryption key from a file that lives
outside the database. Destroying a data key erases that person everywhere, backups included.

Belongs here: key files, wrapping, sealing and opening values, keyed hashes, sensitivity marks.
Does not: deciding who may open what (`access`), recording that it was opened (`audit`).
"""
