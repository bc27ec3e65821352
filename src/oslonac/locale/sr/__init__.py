"""Serbian, both scripts: Django looks here for `sr` and for `sr-latn`."""
