"""What the chapter on the playground says of nets that rounding can lead elsewhere."""

from __future__ import annotations

import pytest

from reportgen.chapters import playground
from reportgen.chapters.playground.findings import find
from tests.chapters.conftest import Read


@pytest.mark.parametrize(("gap", "named"), [(1e-12, []), (1e-6, ["equal + noise"])])
def test_a_live_net_that_ends_elsewhere_than_its_twin_is_named(gap: float, named: list[str], read: Read) -> None:
    tables = read(playground.CHAPTER).tables
    nets = tables.live_nets.copy()
    nets.loc[nets["preset"] == "noise", "rounding_gap"] = gap
    assert find(tables._replace(live_nets=nets)).unsettled == named


def test_large_nets_that_rounding_leads_elsewhere_are_counted(read: Read) -> None:
    tables = read(playground.CHAPTER).tables
    ends = tables.halt_ends.assign(rounding_gap=1.0)
    assert find(tables._replace(halt_ends=ends)).parted == 10
    assert find(tables._replace(halt_ends=ends.assign(rounding_gap=1e-6))).parted == 0
