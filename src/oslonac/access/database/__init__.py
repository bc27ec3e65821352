"""Django's PostgreSQL backend, told before each statement who looks (see `access.reader`)."""
