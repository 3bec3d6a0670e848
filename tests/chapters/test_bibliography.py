"""The list of sources: every key, name, anchor and link has its shape."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from urllib.parse import urlsplit

import pytest

from reportgen.chapters.bibliography import SOURCES, Source
from reportgen.report.filters import anchor

EACH = pytest.mark.parametrize("source", SOURCES.values(), ids=SOURCES)
MANUAL = "documentation"
HE = Source("he2015", "K. He, X. Zhang, S. Ren, J. Sun", "2015", "Delving deep", "ICCV", "")


def letters(name: str) -> str:
    """Return the plain small letters of a name."""
    return re.sub(r"[^a-z]", "", unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower())


@pytest.mark.parametrize(
    ("authors", "short", "by"),
    [
        ("M. Taki", "Taki (2017)", "M. Taki"),
        ("X. Glorot, Y. Bengio", "Glorot and Bengio (2017)", "X. Glorot and Y. Bengio"),
        ("D.-A. Clevert, K. W.-D. Ma, Y.-W. Teh", "Clevert et al. (2017)", "D.-A. Clevert, K. W.-D. Ma and Y.-W. Teh"),
        ("Student", "Student (2017)", "Student"),
    ],
)
def test_a_source_is_named_after_one_author_after_two_or_after_the_first_of_more(
    authors: str, short: str, by: str
) -> None:
    source = HE._replace(authors=authors, year="2017")
    assert (source.short, source.by) == (short, by)


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://arxiv.org/abs/1502.01852", "arXiv:1502.01852"),
        ("https://doi.org/10.1016/0041-5553%2864%2990137-5", "doi:10.1016/0041-5553(64)90137-5"),
        ("https://www.deeplearningbook.org", "deeplearningbook.org"),
        ("https://keras.io/api/layers/initializers/", "keras.io"),
        ("", ""),
    ],
)
def test_an_address_is_short_to_read(link: str, address: str) -> None:
    assert HE._replace(link=link).address == address


@EACH
def test_a_key_is_the_surname_of_the_first_author_and_the_year(source: Source) -> None:
    name, year, letter = re.fullmatch(r"([a-z]+)((?:\d{4})?)([a-z]?)", source.key).groups()  # type: ignore[union-attr]
    assert letters(source.short).startswith(name + letter if not year else name)
    assert year in source.year
    assert re.fullmatch(rf"\d{{4}}[a-z]?|{MANUAL}", source.year)


@EACH
def test_an_anchor_is_that_of_the_heading_with_the_same_name(source: Source) -> None:
    assert source.anchor == anchor(source.short)
    assert re.fullmatch(r"[a-z][a-z0-9-]*", source.anchor)


def test_no_two_sources_share_a_name_an_anchor_or_a_link() -> None:
    assert len({source.anchor for source in SOURCES.values()}) == len(SOURCES)
    links = [source.link for source in SOURCES.values() if source.link]
    assert len(set(links)) == len(links)


@pytest.mark.parametrize("link", [source.link for source in SOURCES.values() if source.link])
def test_a_link_is_whole_and_survives_markdown(link: str) -> None:
    scheme, host, path, query, fragment = urlsplit(link)
    assert scheme in {"http", "https"}
    assert "." in host
    assert query == fragment == ""
    assert not re.search(r"[\s()<>\[\]*\\]", link)
    patterns = {"doi.org": r"/10\.\d{4,5}/\S+", "arxiv.org": r"/abs/(?:\d{4}\.\d{4,5}|[a-z-]+/\d{7})"}
    assert re.fullmatch(patterns.get(host, ".*"), path)


def test_a_paper_appeared_within_two_years_of_its_preprint() -> None:
    preprints = [(source, re.search(r"arxiv\.org/abs/(\d\d)\d\d\.", source.link)) for source in SOURCES.values()]
    waits = {source.key: int(source.year[:4]) - 2000 - int(number[1]) for source, number in preprints if number}
    assert {key for key, wait in waits.items() if not 0 <= wait <= 2} == set()


@EACH
def test_title_and_place_are_text_without_marks_at_their_ends(source: Source) -> None:
    for text in (source.title, source.where):
        assert text == text.strip().rstrip(".,")
        assert len(text) > 2


def test_sources_are_listed_by_year_with_the_manuals_at_the_end() -> None:
    years = [source.year[:4] if source.year != MANUAL else "9999" for source in SOURCES.values()]
    assert all(before <= after for before, after in pairwise(years))
