"""Pages of encounters."""
