"""Procedures: who must do what, by when, and on what legal ground.

A procedure turns a case's events and facts into obligations. Today the interim procedure in
`cases/rules.py` fills this interface; the DCR engine will take its place without any other
package noticing. Nothing outside a procedure knows how a deadline is computed.

Belongs here: the interface, the projection of obligations for lists, reading it.
Does not: what the steps of a case are (`cases` and the packages above it).
"""
