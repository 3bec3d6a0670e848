"""The text of a file: its encoding as told, by its mark, as UTF-8, or found where only one encoding makes sense.

Every candidate decodes the lines that are not plain ASCII. It fits if what comes out could have been written: letters
of one alphabet, words in one script, characters that are in everyday use. If all that fit give the same text, it is
read; else the error names the likeliest.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial

from reportgen.errors import DataError
from reportgen.nn.files.reading import ENCODINGS

__all__ = ["decoded"]

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_SAMPLE = 500
"""Lines with other characters than ASCII that are looked at."""

_ENOUGH = 12
"""Characters that tell Korean from Chinese: an everyday Chinese one is among the bytes of Hangul six times in ten."""


def decoded(raw: bytes, encoding: str | None = None) -> str:
    """Return the text of a file, without a byte order mark.

    Parameters
    ----------
    raw
        Its bytes.
    encoding
        As told; None finds it out.

    Raises
    ------
    DataError
        If the bytes are no text in the told encoding, or it is not certain which they are in.
    """
    if encoding is None:
        mark, marked = next((one for one in _MARKS if raw.startswith(one[0])), (b"", ""))
        encoding = marked or _unmarked(raw)
        raw = raw[len(mark) :]
    try:
        return raw.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise DataError(f"line {line} is not {encoding} (byte {raw[error.start]:#x}){_hint(raw)}") from None
    except UnicodeError:
        raise DataError(f"is not {encoding}{_hint(raw)}") from None


def _unmarked(raw: bytes) -> str:
    if b"\0" in raw:
        raise DataError(f"is no text, for it has null bytes{_wide(raw[: 2**16])}")
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _found(raw, error)
    if b"\x1b$" in raw:
        raise DataError(f"is probably iso2022_jp: {_remedy('iso2022_jp')}")
    return "utf-8"


def _wide(raw: bytes) -> str:
    """Return what to do about a text whose every second byte is null."""
    even, odd = raw[::2].count(0), raw[1::2].count(0)
    if min(even, odd) or max(even, odd) < len(raw) // 8 or re.search(rb"[\1-\x08]", raw):
        return ""
    name = "utf-16-le" if odd > even else "utf-16-be"
    return f"; it is probably {name}: {_remedy(name)}"


def _found(raw: bytes, error: UnicodeDecodeError) -> str:
    """Return the encoding of a text that is not UTF-8, if it is certain."""
    fitting = _fitting(raw)
    if len(set(fitting.values())) == 1 and not _may_be_russian(raw, fitting):
        return next(iter(fitting))
    line = raw.count(b"\n", 0, error.start) + 1
    raise DataError(f"line {line} is not UTF-8 (byte {raw[error.start]:#x}){_hint(raw, fitting)}")


def _may_be_russian(raw: bytes, fitting: Mapping[str, str]) -> bool:
    """Tell whether a few Greek words are as well Russian ones of rarer letters: the bytes are the same."""
    greek = fitting.get("cp1253", "")
    return 0 < sum(not one.isascii() for one in greek) < _ENOUGH and "cp1251" in _loosely(raw)


def _hint(raw: bytes, fitting: Mapping[str, str] | None = None) -> str:
    """Return the end of an error line: what the text probably is, or what it might be."""
    names = _likeliest({**(_fitting(raw) if fitting is None else fitting), **_loosely(raw)})
    if not names:
        return f": save it as UTF-8, or pass --encoding, e.g. {', '.join(ENCODINGS[2:])}"
    *before, last = names
    listed = f"{', '.join(before)} or {last}" if before else last
    return f"; it is probably {listed}: {_remedy(names[0])}"


def _likeliest(fitting: Mapping[str, str]) -> list[str]:
    """Return up to three encodings, those first that make words of one script."""
    as_likely = [name for name, _ in _CANDIDATES if name in fitting]
    order = sorted(as_likely, key=lambda name: not _makes_words(fitting[name]))
    first = {fitting[name]: name for name in reversed(order)}  # of those that give the same text
    return [name for name in order if first[fitting[name]] == name][:_NAMED]


def _loosely(raw: bytes) -> dict[str, str]:
    """Return the text in every encoding of one script in which it is words, however rare their letters are."""
    texts = {name: text for name, text in _texts(raw) if name in _RARE}
    return {name: text for name, text in texts.items() if _makes_words(text)}


_RARE = ("cp1251", "cp1253")
"""Encodings in which a few words may have none of the letters that are frequent in a text."""


_NAMED = 3
"""Encodings that a message names."""


def _makes_words(text: str) -> bool:
    """Tell whether every character that is not ASCII is a letter, and every word one of one script."""
    words = re.findall(r"[^\W\d_]+", text)
    is_lettered = all(one.isascii() or one.isalpha() or one == "ー" for one in text)
    return is_lettered and all(_is_word(word) for word in words)


def _is_word(word: str) -> bool:
    """Tell whether letters are of one script and case; in Latin, half of them or more are plain."""
    scripts = _scripts(word)
    is_plain = scripts != {"LATIN"} or 2 * sum(map(str.isascii, word)) >= len(word)
    return len(scripts) == 1 and is_plain and _is_cased(word)


def _scripts(word: str) -> set[str]:
    """Return the scripts of the letters of a word; the three of Japanese are one."""
    return {_JAPANESE.get(script, script) for script in (unicodedata.name(one, "").split(" ")[0] for one in word)}


_JAPANESE = dict.fromkeys(("HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"), "CJK")


def _remedy(name: str) -> str:
    return f"pass --encoding {name}, or save it as UTF-8"


def _fitting(raw: bytes) -> dict[str, str]:
    """Return the text of the lines that matter in every encoding that fits, the likeliest first."""
    tests = dict(_CANDIDATES)
    texts = {name: text for name, text in _texts(raw) if tests[name](text)}
    if "euc-kr" in texts and len(re.findall("[가-힣]", texts["euc-kr"])) >= _ENOUGH:
        return {"euc-kr": texts["euc-kr"]}
    return texts


def _texts(raw: bytes) -> Iterator[tuple[str, str]]:
    """Yield every encoding that has these bytes, and the lines in it that are not plain ASCII."""
    lines = [line for line in re.split(rb"[\r\n]+", raw) if not line.isascii()]
    sample = b"\n".join(lines[:_SAMPLE])
    for name, _ in _CANDIDATES:
        try:
            text = sample.decode(name)
            raw.decode(name)
        except UnicodeDecodeError:
            continue
        yield name, text


# Scripts in which a letter is one byte.

_SIGNS = "°µ²³¹€£¥§±·–—‘’“”„«»…×÷¼½¾™®©‰•¿¡ºª\u00a0"
_WESTERN = (
    *("äöüß", "àâçèéêëîïôùûüÿœæ", "áéíñóúü", "áâãàçéêíóôõú", "àèéìíîòóùú", "åäöé", "æøåéèêóòâôü"),
    *("áðéíóúýþæö", "äëéèïöüóáê", "àçèéíïòóúü"),
)
_CENTRAL = ("ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíľňóôšťúýž", "áéíóöőúüű", "čćđšž", "ăâîşţ", "äöüß")
_TURKISH = ("çğıİöşüâî",)


_NEVER = re.compile(r"(?i)[a-z][²³¹¿¡][a-z]|[^\W\d_a-z]{4}|ń[aeiouáéíóú]|ñ(?![aeiouáéíóú])")
"""Signs within words, many letters that are not ASCII in a row, a Polish ń before a vowel, a Spanish ñ before none."""


def _is_latin(alphabets: Iterable[str], text: str) -> bool:
    """Tell whether the letters are those of one language, in words in which they are not many in a row."""
    other = {one for one in text if not one.isascii() and one not in _SIGNS}
    if _NEVER.search(text):
        return False
    letters = {letter for one in other for letter in (one if one in "ßı" else one.lower())} - {"\u0307"}
    mixed = re.search(r"[a-z][A-ZÀ-ÖØ-Þ](?![A-Z])[^\W\d_A-Za-z]", text)
    return not mixed and any(letters <= set(alphabet) for alphabet in alphabets)


def _is_script(first: str, last: str, common: str, text: str) -> bool:
    """Tell whether the words are in one script, with its common letters as often as they are in any text."""
    words = re.findall(r"[^\W\d_]+", text)
    foreign = [word for word in words if not word.isascii()]
    letters = "".join(foreign)
    if not letters or {one for one in text if not (one.isascii() or one.isalpha() or one in _SIGNS + "№")}:
        return False
    if any(not first <= one <= last for one in letters) or any(not _is_cased(word) for word in foreign):
        return False
    return sum(one.lower() in common for one in letters) >= 0.5 * len(letters)


def _is_cased(word: str) -> bool:
    return word in (word.lower(), word.upper(), word.capitalize())


# Scripts in which a character is two bytes.


def _is_everyday(codec: str, leads: Iterable[range], also: str, text: str) -> bool:
    """Tell whether nine characters in ten are among those that a standard puts first."""
    others = [one for one in text if not one.isascii()]
    return sum(_leads(codec, one, leads, also) for one in others) >= 0.9 * len(others)


def _leads(codec: str, one: str, leads: Iterable[range], also: str) -> bool:
    if also and also[0] <= one <= also[1]:
        return True
    try:
        encoded = one.encode(codec)
    except UnicodeEncodeError:
        return False
    return len(encoded) == 2 and any(encoded[0] in lead for lead in leads)


_RUSSIAN = partial(_is_script, "Ѐ", "ӿ", "оеаинтсрвлкмяы")
_KANA = "ぁヿ"
_CANDIDATES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("cp1252", partial(_is_latin, _WESTERN)),
    ("cp1250", partial(_is_latin, _CENTRAL)),
    ("cp1254", partial(_is_latin, _TURKISH)),
    ("cp1251", _RUSSIAN),
    ("koi8-r", _RUSSIAN),
    ("cp866", _RUSSIAN),
    ("cp1253", partial(_is_script, "Ͱ", "Ͽ", "αοιετσνηυρκάέήίόύώς")),
    ("cp932", partial(_is_everyday, "cp932", (range(0x81, 0x84), range(0x88, 0x98)), _KANA)),
    ("euc-kr", partial(_is_everyday, "euc-kr", (range(0xA1, 0xA4), range(0xB0, 0xC9)), "")),
    ("gb18030", partial(_is_everyday, "gb2312", (range(0xA1, 0xA4), range(0xB0, 0xD8)), "")),
    ("big5", partial(_is_everyday, "big5", (range(0xA1, 0xA4), range(0xA4, 0xC7)), "")),
    ("euc-jp", partial(_is_everyday, "euc-jp", (range(0xA1, 0xA4), range(0xB0, 0xD0)), _KANA)),
)
"""Encoding -> whether a text could have been written; in the order in which they are likely where several fit."""
