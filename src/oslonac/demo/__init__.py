"""A fictional but plausible Serbia for demonstrations, tests and benchmarks.

Organisations and places are public and come from the country pack; every person, child and
sentence is invented. Installed only in a demonstration (OSLONAC_DEMO=1); has no tables.

  cast        the people one signs in as          world      staff and offices, looked up by code
  names, stories   invented names and sentences   lives      what happens to an invented child
  writing     the same steps by action or in bulk mass       thousands of lives, in parallel
  scenarios   the twenty stories of the field     views      one-click sign-in, list of scenarios
  caring      the single steps of a life          life       how far a life has come
"""

from typing import Any


def build(
    *,
    children: int = 2000,
    seed: int = 1,
    workers: int | None = None,
    language: str = "en",
    stories_only: bool = False,
) -> Any:
    """Fill the database with the cast, the scenarios and `children` invented children, told in
    one of the languages of the interface.

    Repeating it does nothing; one that was interrupted is continued. `stories_only`: what one
    signs in as and opens first; another call brings the children.
    """
    from django.utils import translation

    from oslonac.demo.building import build as run

    with translation.override(language):
        return run(children=children, seed=seed, workers=workers, stories_only=stories_only)


def sign_in_line() -> str:
    """One line for the person who started the demonstration."""
    return (
        "Open the address and choose whom to sign in as: one click, no password. "
        "Everybody in it is invented."
    )
