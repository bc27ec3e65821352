"""The one error this package raises. Its message is a sentence for the person at the desk."""


class DatabaseStartError(RuntimeError):
    """The embedded database cannot be made, started or stopped.

    The message says what happened, what was kept, and what to do next.
    """
