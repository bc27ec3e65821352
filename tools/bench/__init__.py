"""Measurements that others can repeat: what is measured, with which samples, on what machine.

Belongs here: measuring a running database through the product's own queries, actions and pages.
Does not: making the data (`demo`), starting a database (`config`).
"""
