"""What a plugin takes away, replaces or sets for the whole process is put back."""

from __future__ import annotations

import math
import re
import warnings
from pathlib import Path

import numpy as np
import pytest

import reportgen.nn.mlp
from reportgen.nn.activations import activations
from reportgen.nn.initializers import initializers
from tests.hostile import INITIALIZER, load, refused

pytestmark = pytest.mark.usefixtures("without_plugins")

TAMPERING = {
    "initializers._definitions.clear()": "removes or replaces the initializer variance_scaling",
    "del initializers._definitions['zeros']": "removes or replaces the initializer zeros",
    "initializers._definitions['zeros'] = initializers._definitions['ones']": "replaces the initializer zeros",
    "activations._definitions.clear()": "removes or replaces the activation",
    "del activations._spellings['relu']": "takes the name relu from the activation relu",
    "np.maximum = np.minimum": r"replaces numpy\.maximum; a plugin only adds",
    "del np.linalg.qr": r"replaces numpy\.linalg\.qr",
    "import builtins; builtins.len = builtins.dict = builtins.vars = None": r"replaces builtins\.\w+;",
    "math.sqrt = None": r"replaces math\.sqrt",
    "import reportgen.nn.mlp; reportgen.nn.mlp.forward = None": r"replaces reportgen\.nn\.mlp\.forward",
}


@pytest.mark.parametrize(("line", "said"), TAMPERING.items(), ids=list(TAMPERING))
def test_what_a_plugin_takes_away_is_put_back_and_told(line: str, said: str, tmp_path: Path) -> None:
    before = (initializers.snapshot(), activations.snapshot(), len, dict, np.maximum, np.linalg.qr, math.sqrt)
    forward = reportgen.nn.mlp.forward
    head = "import math\nimport numpy as np\nfrom reportgen.nn.activations import activations\n"
    told = refused(tmp_path, f"{head}from reportgen.nn.initializers import initializers\n{line}\n")
    assert re.search(said, told), told
    assert before == (initializers.snapshot(), activations.snapshot(), len, dict, np.maximum, np.linalg.qr, math.sqrt)
    assert reportgen.nn.mlp.forward is forward


def test_what_a_plugin_sets_for_the_whole_process_is_set_back(tmp_path: Path) -> None:
    before = Path.cwd(), np.geterr(), warnings.filters[:]
    lines = ("import os, warnings", "import numpy as np", "os.chdir('/')", "np.seterr(all='raise')")
    load(tmp_path, "\n".join((*lines, "warnings.simplefilter('error')", "warnings.simplefilter('ignore')")))
    assert (Path.cwd(), np.geterr(), warnings.filters[:]) == before


def test_a_plugin_that_fails_in_the_middle_leaves_nothing_behind(tmp_path: Path) -> None:
    source = INITIALIZER.format(body="return np.ones((fan_in, fan_out))")
    assert "division by zero" in refused(tmp_path, source + "1 / 0")
    load(tmp_path, source)
    assert "mine" in initializers
