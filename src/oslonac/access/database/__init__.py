"""Django's PostgreSQL backend; it sets the reader before each statement (see `access.reader`)."""
