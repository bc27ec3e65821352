"""Commands of the checkout, each a file as in `oslonac.config.commands`."""
