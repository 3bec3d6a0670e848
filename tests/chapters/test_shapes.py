"""An activation is drawn with its value and its slope."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from reportgen.chapters.shapes import draw_shape


def test_a_slope_that_jumps_has_a_break_and_the_value_has_none() -> None:
    z = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    axes = Figure().subplots()
    draw_shape(axes, pd.DataFrame({"z": z, "value": np.maximum(z, 0), "slope": z > 0}).astype(float))
    _, value, slope = axes.lines
    assert np.asarray(value.get_ydata()).tolist() == [0, 0, 0, 1, 2]
    assert np.isnan(np.asarray(slope.get_ydata(), dtype=float)).tolist() == [False, False, False, True, False, False]
