"""theme/extension/formulas.py"""

from __future__ import annotations

import pytest
from sphinx.errors import ExtensionError

from theme.extension import formulas

WRONG = {
    "a macro that it does not know": r"c_t = \undefinedmacro{f}_t",
    "a bracket that does not close": r"\frac{1}{2",
    "two indices": "a_b_c",
}


@pytest.fixture
def asked(monkeypatch):
    """The formulas for which KaTeX was asked."""
    asked = []
    ask = formulas.Katex.ask
    monkeypatch.setattr(formulas.Katex, "ask", lambda self, *formula: asked.append(formula) or ask(self, *formula))
    return asked


def test_formulas_are_html_and_mathml_on_the_page(book):
    book.write("one", "# One\n\nThe value $h_t$ is `y`.\n\n$$\nc_t = f_t \\odot c_{t-1}\n$$")
    built = book.build()
    assert (built.status, built.warnings) == (0, "")
    article = built.article("one")
    assert article.select_one("p span.math annotation").text == "h_t"
    assert article.select_one("div.math .katex-display annotation").text.strip() == r"c_t = f_t \odot c_{t-1}"
    assert article.select(".katex-error") == []


@pytest.mark.parametrize("tex", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("delimiter", ["$", "$$"])
@pytest.mark.parametrize("edition", ["en", ""], ids=["edition", "plain build"])
def test_a_formula_that_katex_does_not_understand_is_refused(book, tex, delimiter, edition):
    book.write("one", "# One", "Good: $h_t$.", f"Here:\n\n{delimiter}{tex}{delimiter}")
    built = book.build(edition)
    assert built.status == 1
    warnings = built.warnings.splitlines()
    assert len(warnings) == 1
    assert "one.ipynb:3" in warnings[0], "the page and the cell"
    assert f"KaTeX does not understand the formula {tex} (" in warnings[0]
    assert "https://katex.org" in warnings[0]


def test_what_may_only_stand_apart_is_refused_in_a_sentence(book):
    book.write("one", "# One\n\n$$\na \\tag{1}\n$$", "Here: $b \\tag{2}$")
    warnings = book.build().warnings
    assert r"formula b \tag{2} (" in warnings and r"\tag{1}" not in warnings


def test_a_formula_in_an_output_or_a_title_is_refused_too(book, printed):
    book.write("one", r"# One $\undefinedone$", printed({"text/latex": r"$\displaystyle \undefinedtwo$"}))
    warnings = book.build().warnings
    assert r"formula \undefinedone (" in warnings
    assert r"formula \displaystyle \undefinedtwo (" in warnings


def test_a_formula_of_several_lines_is_named_on_one(book):
    book.write("one", "# One\n\n$$\na = \\\\\n\\undefinedmacro\n$$")
    assert r"formula a = \\ \undefinedmacro (" in book.build().warnings


def test_each_formula_is_rendered_once(book, asked):
    book.write("one", "# One\n\n$h_t$ and $h_t$ and $c_t$.")
    book.write("two", "# Two\n\n$h_t$, and apart:\n\n$$h_t$$")
    book.build()
    assert sorted(asked) == [("c_t", False), ("h_t", False), ("h_t", True)]


def test_the_temporary_folder_may_have_a_long_name(book, tmp_path, monkeypatch):
    long = tmp_path / ("long" * 30)  # the path of a Unix socket has room for 107 characters
    long.mkdir()
    monkeypatch.setenv("TMPDIR", str(long))
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("sphinxcontrib.katex.KaTeXServer.katex_server", None)  # it would start one with a socket
    book.write("one", "# One\n\n$h_t$")
    built = book.build()
    assert built.status == 0
    assert built.article("one").select(".katex")


def test_node_ends_with_the_build(book, monkeypatch):
    started = []
    start = formulas.subprocess.Popen
    monkeypatch.setattr(formulas.subprocess, "Popen", lambda *a, **k: started.append(start(*a, **k)) or started[-1])
    book.write("one", "# One\n\n$h_t$")
    book.build()
    assert [process.returncode for process in started] == [0]


def test_node_ends_when_the_build_is_killed():
    katex = formulas.Katex()
    katex.answer("h_t", False)
    katex.node.stdin.close()  # as the system does for a process that ends
    assert katex.node.wait(timeout=60) == 0
    katex.node.stdout.close()


def test_a_node_that_fails_is_no_formula_that_was_not_understood(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(formulas, "KATEX", tmp_path / "missing.js")
    katex = formulas.Katex()
    with pytest.raises(ExtensionError, match="Node ended while KaTeX was rendering .*h_t"):
        katex.answer("h_t", False)
    katex.end()
    assert "missing.js" in capfd.readouterr().err
