"""A blank page with the lab's numerics, in every browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.browsers.planting import plant
from tests.browsers.tab import Browser, Tab

NUMERICS = ("random", "activations", "starts", "problems", "net", "readings", "gaussian", "meanfield", "chain")
"""The scripts that know nothing of the page they stand in, in the order in which pages load them."""


@pytest.fixture(scope="session")
def numerics(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    """Return a tab that has loaded the numerics: `numerics.run("count => …", 8)` returns what the function does."""
    scripts = [f"lab/{name}.js" for name in NUMERICS]
    with browser.tab() as tab:
        tab.open(plant(tmp_path_factory.mktemp("numerics"), scripts=scripts))
        assert tab.faults == []
        yield tab
