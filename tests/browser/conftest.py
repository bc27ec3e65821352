"""One browser for the tests of a module."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Started before any test's database: Playwright keeps a loop in this thread, and Django keeps
    the connections of a thread with a loop apart from those of one without."""
    from tests.browser.driving import chromium  # not before settings are there

    with chromium() as found:
        yield found
