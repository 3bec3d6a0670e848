"""The index that a reader searches, as one script: requests for a file are refused to a page on a disk.

All text is in it, a character per word: the words stand in a list, the most frequent one first, and a passage is a
string in which every character names one of them by its place. So an index has less than half of the size of its text.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from reportgen.report.extras.passages import Passage, passages

if TYPE_CHECKING:
    from reportgen.report.extras import Extra

__all__ = ["FIRST", "KEYWORDS", "SKIPPED", "Indexed", "search_files", "search_script", "tokens"]

FIRST = 0x23
"""The character that stands for the first word; the next ones follow in the order of Unicode, but for `SKIPPED`."""

SKIPPED = (0x5C, *range(0x7F, 0xA0), 0xAD, 0x2028, 0x2029)
"""Characters that are written with more than themselves in a script, or that programs drop."""

KEYWORDS: Mapping[str, str] = {
    "index": "which choose recommended best cheat_sheet summary initializer",
    "symmetry": "zeros zeros_ ones ones_ constant constant_ zero_init break_symmetry same identical neurons",
    "derivation": "xavier xavier_init xavier_initialization xavier_uniform_ xavier_normal_ glorot glorot_uniform "
    "glorot_normal GlorotUniform GlorotNormal lecun lecun_uniform lecun_normal LecunUniform LecunNormal "
    "variance_scaling VarianceScaling",
    "saturation": "random_normal random_uniform RandomNormal RandomUniform normal_ uniform_ too_large too_small",
    "he": "kaiming kaiming_init kaiming_initialization kaiming_uniform_ kaiming_normal_ he he_init he_initialization "
    "he_uniform he_normal HeUniform HeNormal msra dying_relu",
    "gradients": "vanishing_gradient vanishing_gradients exploding_gradient exploding_gradients backpropagation",
    "training": "converge convergence accuracy learning_curve",
    "rescue": "batchnorm batch_normalization layernorm layer_normalization residual resnet skip_connection dropout",
    "gains": "calculate_gain gain gains snn",
    "code": "pytorch keras tensorflow jax flax init nn.init torch reset_parameters default defaults trunc_normal_ "
    "TruncatedNormal truncated_normal",
    "edge_of_chaos": "mean_field phase_diagram correlation_length",
    "catalog": "list all_initializers all_activations orthogonal_ Identity eye_",
    "references": "papers bibliography literature",
}
"""Words that lead to a page, besides its title: what other libraries, papers and readers call its subject.

An underscore stands for a space as well."""

_TOKEN = re.compile(r"\w+|\W+")


class Indexed(NamedTuple):
    """A page as it is put into the index: its file, its title, the words that lead to it, and its HTML."""

    file: str
    title: str
    keywords: str
    html: str


def search_files(extra: Extra) -> dict[str, bytes]:
    """Return the index of a site: path -> script."""
    pages = [
        Indexed(entry.file, entry.title, KEYWORDS.get(entry.slug, ""), extra.files[entry.file].decode())
        for entry in extra.edition.entries()
    ]
    return {"static/search.js": search_script(pages)}


def search_script(pages: Sequence[Indexed]) -> bytes:
    """Return the script that hands the index over; the same pages give the same bytes.

    Parameters
    ----------
    pages
        In the order of the book.
    """
    read = [(page, passages(page.html)) for page in pages]
    counts = Counter(token for _, of in read for one in of for text in one[1:] for token in tokens(text))
    words = sorted(counts, key=lambda token: (-counts[token], token))
    codes = dict(zip(words, _characters(len(words)), strict=True))
    index = {
        "words": "\n".join(words),
        "pages": [[page.file, page.title, page.keywords, *(_coded(one, codes) for one in of)] for page, of in read],
    }
    packed = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    return f"(window.Site = window.Site || {{}}).index = {packed};\n".encode()


def tokens(text: str) -> list[str]:
    """Return the words of a text and what stands between them, but for single spaces between two words.

    Examples
    --------
    >>> tokens("Start with he_normal, not 1.")
    ['Start', 'with', 'he_normal', ', ', 'not', '1', '.']
    """
    return [token for token in _TOKEN.findall(text) if token != " "]


def _coded(passage: Passage, codes: Mapping[str, str]) -> list[str]:
    title, text = ("".join(codes[token] for token in tokens(part)) for part in passage[1:])
    return [passage.anchor, title, text]


def _characters(number: int) -> list[str]:
    """Return so many characters, the shortest first."""
    free = (code for code in range(FIRST, 0xD800) if code not in SKIPPED)
    return [chr(code) for code, _ in zip(free, range(number), strict=False)]
