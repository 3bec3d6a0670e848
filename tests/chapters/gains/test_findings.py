"""The numbers of the chapter on gains against what theory says of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reportgen.chapters.gains import CHAPTER
from reportgen.report.page import Reading


# At variance one every layer multiplies the gradient's second moment by E[selu'^2]: one over the squared gain.
def test_the_gradient_is_followed_from_the_last_layer_to_the_first(read: Callable[..., Reading]) -> None:
    found = read(CHAPTER).findings
    assert found.selu_one.gradient_theory == pytest.approx(found.backward["selu"] ** (-2 * 49), rel=0.1)


def test_a_gain_for_which_pytorch_has_none_is_told_in_words(read: Callable[..., Reading]) -> None:
    table = read(CHAPTER).findings.table.set_index("activation")["PyTorch"]
    assert table["softplus"] == "none"
    assert table["tanh"] == pytest.approx(5 / 3)
