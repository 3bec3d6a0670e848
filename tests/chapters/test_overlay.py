"""The theory's line over measured dots."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from reportgen.chapters.overlay import draw_theory
from reportgen.chapters.style import canvas


def test_a_figure_draws_what_can_be_seen() -> None:
    axes = canvas(2.0).subplots()
    draw_theory(axes, pd.Series([2.0, 4.0, np.inf, 0.0], index=[1, 2, 3, 4]))
    assert np.asarray(axes.lines[0].get_xdata()) == pytest.approx([1, 2])
    assert np.asarray(axes.lines[0].get_ydata()) == pytest.approx([2.0, 4.0])
