"""One file for each `oslonac` command; see `oslonac.config.cli` for what a file holds."""
