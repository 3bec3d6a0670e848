"""Encodings: read where it is certain which one it is, else refused with the likeliest and what to do."""

from __future__ import annotations

import pytest

from reportgen.errors import DataError
from reportgen.nn.files.encoding import decoded

CERTAIN = {
    "cp1252": ["höhe,größe,straße", "temp (°C),µm,m²", "numéro,âgé,forêt,français", "año,tamaño", "espécie,região",
               "längd,bredd,ålder", "højde,længde,år", "Price €,“quoted”"],
    "cp1250": ["wysokość,długość,książka", "výška,šířka,délka"],
    "cp1254": ["yükseklik,genişlik,ağırlık,yaş"],
    "cp1251": ["высота,ширина,длина,вид", "Рост,Вес,Пол,Возраст"],
    "koi8-r": ["высота,ширина,длина,вид,возраст"],
    "cp866": ["высота,ширина,длина,вид,возраст"],
    "cp1253": ["ύψος,πλάτος,μήκος,είδος"],
    "gbk": ["高度,宽度,种类,年龄,性别,温度", "身高,体重,类别"],
    "gb18030": ["高度,宽度,种类,年龄"],
    "big5": ["高度,寬度,種類,年齡,性別,溫度"],
    "cp932": ["高さ,幅,種類,年齢,性別,ラベル", "身長,体重,種類"],
    "euc-jp": ["高さ,幅,種類,年齢,性別,ラベル"],
    "euc-kr": ["높이,너비,종류,나이,성별,온도,날짜,지역"],
}  # fmt: skip
"""Encoding -> heads of tables as people write them in it."""


@pytest.mark.parametrize(("encoding", "text"), [(name, text) for name, texts in CERTAIN.items() for text in texts])
def test_a_text_that_makes_sense_in_one_encoding_only_is_read(encoding: str, text: str) -> None:
    whole = f"{text}\n1,2,3\n"
    assert decoded(whole.encode(encoding)) == whole
    assert decoded(whole.encode(encoding), encoding) == whole


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_decides_and_is_left_out(encoding: str) -> None:
    assert decoded("größe,身高\n".encode(encoding)) == "größe,身高\n"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (
            "név,hőmérséklet\n".encode("cp1250"),
            "line 1 is not UTF-8 (byte 0xe9); it is probably cp1252 or cp1250: pass",
        ),
        (
            "키,나이\n".encode("euc-kr"),
            "is probably euc-kr, gb18030 or big5: pass --encoding euc-kr, or save it as UTF-8",
        ),
        ("a,b\n1,2\n".encode("utf-16-le"), "it is probably utf-16-le: pass --encoding utf-16-le"),
        ("a,b\n1,2\n".encode("utf-16-be"), "it is probably utf-16-be: pass --encoding utf-16-be"),
        ("身長,体重\n".encode("iso2022_jp"), "is probably iso2022_jp: pass --encoding iso2022_jp"),
        (b"a\n\xc3\xa9\xff\xfe\x81\n", "line 2 is not UTF-8 (byte 0xff): save it as UTF-8, or pass --encoding, e.g."),
        (bytes(range(256)), "is no text, for it has null bytes"),
        (b"\xff\xfea\0b", "line 1 is not utf-16-le"),
    ],
)
def test_a_text_that_is_not_certain_is_refused_with_the_likeliest(raw: bytes, said: str) -> None:
    with pytest.raises(DataError) as caught:
        decoded(raw)
    assert said in str(caught.value)
    assert len(str(caught.value)) <= 225


@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [
        ("Рост,Вес\n", "cp1251", "it is probably cp1251"),
        ("цвет,x\nкрасный,1\nсиний,2\n", "cp1251", "it is probably cp1251"),
        ("да,1\nнет,2\n", "cp1251", "it is probably cp1251, koi8-r or cp1253: pass --encoding cp1251"),
        ("年齢\n", "cp932", "it is probably cp932"),
        ("Цех,Шум\n", "cp1251", "it is probably cp1251 or cp1253: pass"),
    ],
)
def test_of_several_encodings_that_fit_three_are_named_and_first_those_that_make_words(
    text: str, encoding: str, said: str
) -> None:
    with pytest.raises(DataError) as caught:
        decoded(text.encode(encoding))
    assert said in str(caught.value)
    assert f"pass --encoding {encoding}, or save it as UTF-8" in str(caught.value)


def test_a_null_byte_far_down_is_no_text_either() -> None:
    with pytest.raises(DataError, match="is no text, for it has null bytes"):
        decoded(b"a,b\n" * 2**15 + b"\0")


def test_a_told_encoding_that_is_wrong_is_refused_with_the_line() -> None:
    with pytest.raises(DataError, match=r"line 2 is not utf-8 \(byte 0xf6\); it is probably cp1252"):
        decoded("a\nhöhe\n".encode("cp1252"), "utf-8")
