"""Oslonac: the shared case system of everybody who protects a child on the move."""

__version__ = "0.1.0"
