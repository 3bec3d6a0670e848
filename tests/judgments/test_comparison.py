"""The table of predictions and measurements; what stands in it is tested with the chapter on theory."""

from __future__ import annotations

import pandas as pd

from reportgen.battery.results import Results
from reportgen.judgments.comparison import with_comparison


def test_measurements_without_predictions_are_left_as_they_are() -> None:
    results = Results({"forward": pd.DataFrame(), "gradients": pd.DataFrame()}, {}, {})
    assert with_comparison(results) is results
