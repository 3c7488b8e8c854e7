"""theme/extension/fonts.py"""

from __future__ import annotations

import io

import pytest
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

from support import ROOT
from theme.extension import fonts

STATIC = ROOT / "theme" / "static"


def letters(font: bytes) -> set[str]:
    return set(map(chr, TTFont(io.BytesIO(font)).getBestCmap()))


def test_a_font_keeps_the_letters_that_are_asked_for_and_the_same_bytes(tmp_path, monkeypatch):
    whole = (STATIC / "katex" / "fonts" / "KaTeX_Math-Italic.woff2").read_bytes()
    once, elsewhere = (fonts.cut_as_before(tmp_path / name, whole, "hσ€") for name in "ab")
    assert letters(once) == {"h", "σ"} and once == elsewhere and len(once) < len(whole) / 4
    cut = []
    monkeypatch.setattr(fonts, "cut_once", lambda font, codes: cut.append(set(map(chr, codes))) or b"new")
    assert fonts.cut_as_before(tmp_path / "a", whole, "σh") == once and not cut
    assert fonts.cut_as_before(tmp_path / "a", whole, "σ") == b"new" and cut == [{"σ"}]


def test_the_variable_font_has_the_weights_that_the_style_sheet_names():
    (axis,) = TTFont(STATIC / "fonts" / "book-sans-roman.woff2")["fvar"].axes
    assert f"font-weight: {axis.minValue:.0f} {axis.maxValue:.0f};" in (STATIC / "book.css").read_text("utf-8")


@pytest.mark.parametrize(
    ("formula", "upright", "italic"),
    [("h_t", "\u200b", "ht"), (r"\tanh(x) < 1", "tanh(<1)", "x"), (r"\mathbf{W}\sigma", "W", "σ")],
)
def test_formulas_say_which_letters_they_show(book, formula, upright, italic):
    book.write("one", f"# One\n\nText, then ${formula}$, then **more** (text) 0.")
    found = fonts.letters_of_formulas([(book.build().folder / "one.html").read_text("utf-8")])
    assert found == (set(upright), set(italic))


@pytest.mark.parametrize(
    ("formula", "named"),
    [
        ("no formula", ""),
        ("$2$", "Main-Regular"),
        ("$h$", "Main-Regular Main-Italic Math-Italic"),
        (r"$\mathbf{W}$", "Main-Regular Main-Bold"),
        (r"$\mathbb{R}\mathfrak{g}$", "Main-Regular AMS-Regular Fraktur-Regular"),
        ("$$\n\\sum\n$$", "Main-Regular Size2-Regular"),
    ],
)
def test_formulas_say_in_which_fonts_they_are_set(book, formula, named):
    book.write("one", f"# One\n\n{formula}\n\n**more**")
    folder = book.build().folder
    style = (folder / "_static" / "katex" / "katex.min.css").read_text("utf-8")
    found = fonts.fonts_of_formulas([(folder / "one.html").read_text("utf-8")], style)
    assert found == {f"KaTeX_{name}" for name in named.split()}


def test_the_fonts_of_an_edition_have_all_letters_of_its_formulas(book):
    book.write("one", "# One\n\n$h_t$ and\n\n$$\n\\tanh(x) \\odot \\sigma\n$$")
    folder = book.build().folder / "_static"
    main, math = (
        (folder / "katex" / "fonts" / f"KaTeX_{name}.woff2").read_bytes() for name in ("Main-Regular", "Math-Italic")
    )
    assert letters(main) == set("tanh()⊙") and letters(math) == set("htxσ")
    assert set("Text 0") < letters((folder / "fonts" / "book-sans-roman.woff2").read_bytes())


def test_the_italic_font_has_the_letters_that_are_italic(book):
    book.write("one", "# One\n\nText with *many `x` &amp; new* letters, and *others*.")
    folder = book.build().folder
    italic = letters((folder / "_static" / "fonts" / "book-sans-italic.woff2").read_bytes())
    assert italic == set("many x & new others")


def test_half_a_font_is_named(book):
    path = book.root / "theme" / "static" / "fonts" / "book-sans-roman.woff2"
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ExtensionError, match="theme/static/fonts/book-sans-roman.woff2 is no whole font .*Restore"):
        book.build()


def test_the_plain_build_has_whole_fonts(book):
    folder = book.build("").folder / "_static" / "fonts"
    assert (folder / "book-sans-roman.woff2").read_bytes() == (STATIC / "fonts" / "book-sans-roman.woff2").read_bytes()
