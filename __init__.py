"""Settings, routes, the `oslonac` command, the embedded database, start-up checks."""
