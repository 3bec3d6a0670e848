"""The script of a figure hands over data and nothing else."""

from __future__ import annotations

import base64
import json
import zlib

import pytest

from reportgen.report.live import Drawing, contents_of, has_values, live_script, starts_in

SVG = '<svg xmlns="http://www.w3.org/2000/svg" role="img"><style>svg{color:red}</style><path d="M0 0"/></svg>'
PANELS = [{"box": [0, 0, 1, 1], "title": "π", "lines": []}]
WIDE, NARROW = Drawing(SVG, PANELS), Drawing(SVG.replace("M0", "M1"), PANELS)


def test_both_drawings_come_without_colors_of_their_own() -> None:
    content = contents_of(live_script("he-layers", WIDE, NARROW))
    assert content is not None
    wide, end = json.JSONDecoder().raw_decode(content.decode())
    narrow = json.loads(content.decode()[end:])
    assert wide == {"svg": SVG.replace("<style>svg{color:red}</style>", ""), "panels": PANELS}
    assert "M1" in narrow["svg"]


def test_a_drawing_that_serves_both_is_sent_once() -> None:
    assert b"narrow" not in live_script("he-layers", WIDE, WIDE)


def test_a_figure_with_no_panel_has_no_values() -> None:
    empty = Drawing(SVG, [])
    assert (has_values(live_script("a", WIDE, WIDE)), has_values(live_script("a", empty, empty))) == (True, False)


def test_the_starts_of_an_svg_are_told_by_name() -> None:
    svg = b"""<path data-start="random_normal(a=1)"/><path data-start='he "x"'/><path data-start="he &amp; co"/>"""
    assert starts_in(svg + svg) == ['he "x"', "he & co", "random_normal(a=1)"]
    assert starts_in(b'<g data-start="b|a"/><g data-start="a"/>') == ["a", "b"]


GOOD = live_script("a", WIDE, WIDE)
BOMB = base64.b64encode(zlib.compress(bytes(2**27), 9))
FORGED = {
    "a call of something else": GOOD.replace(b"Site.figure", b"alert"),
    "something before it": b"alert(1);" + GOOD,
    "something behind it": GOOD + b"alert(1);\n",
    "a name that ends the string": GOOD.replace(b'"a"', b'"a",alert(1),"b"'),
    "something packed that is not": GOOD.replace(b'"wide":"', b'"wide":"AAAA'),
    "a bomb": b'Site.figure("a",{"wide":"' + BOMB + b'"});\n',
}


@pytest.mark.parametrize("script", FORGED.values(), ids=list(FORGED))
def test_what_is_no_such_script_is_refused(script: bytes) -> None:
    assert contents_of(GOOD) is not None
    assert contents_of(script) is None
