"""Taking a Markdown cell apart, and changing it without touching code."""

import pytest

from builder.chapters.markdown import comments, published, read_text, slug, with_addresses, without_comments


def test_slug_is_that_of_github_and_myst():
    assert slug("What `return_state` adds: h, c") == "what-return_state-adds-h-c"


def test_text_reads_what_a_cell_is_made_of():
    found = read_text(
        "# A\n\n$$\nx  +\ny\n$$\n\n`a` $b$ [c](d.ipynb) ![e](f.svg)\n\n```python\ng\n```\n\n<details>\n\n</details>"
    )
    assert (found.headings, found.display_formulas, found.formulas) == ([(1, "A")], ["x + y"], {"b"})
    assert (found.inline_code, found.links, found.figures) == ({"a"}, ["d.ipynb"], ["f.svg"])
    assert (found.code_blocks, found.collapsed, found.images[0].alt) == ([("python", "g\n")], 1, "e")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a\n\n<!-- c -->\n\nb", "a\n\nb"),
        ("a\n\n<!-- c\n\nd -->\n\nb", "a\n\nb"),
        ("a\n<!-- c -->\nb", "a\n\nb"),
        ("<!-- c -->\n\na", "a"),
        ("a\n\n  <!-- c -->  ", "a"),
        ("a <!-- c --> b", "a  b"),
        ("<!-- c --> a", " a"),
        ("- a <!-- c -->\n- <!-- d --> b", "- a \n-  b"),
        ("| a <!-- c --> | b <!-- d --> |\n|---|---|\n| x \\| <!-- e --> | <!-- f --> |", "| a  | b  |\n|---|---|\n| x \\|  |  |"),
        ("> a <!-- c -->\n> b", "> a \n> b"),
        ("# a <!-- c -->", "# a "),
        ("<details>\n<!-- c -->\n<summary>a</summary>", "<details>\n\n<summary>a</summary>"),
    ],
)  # fmt: skip
def test_comments_go_with_the_blank_lines_around_them(source, expected):
    assert without_comments(source) == expected


CODE = [
    "```html\n<p>a</p>\n<!-- keep me -->\n\n\n<p>b</p>\n```",
    "~~~\n<!-- keep me -->\n~~~",
    "    <!-- keep me -->\n\n\n    b",
    "- a\n\n  ```\n  <!-- keep me -->\n  ```",
    "> ```\n> <!-- keep me -->\n> ```",
    "a `<!-- keep me -->` b",
    "a `<!--` b `-->` c",
    "| `<!-- keep me -->` | b |\n|---|---|\n| c | ``d`<!-- e -->`` |",
    "```python\nimport a\n\n\nanswer = take_summary\n```",
    "a\n\n\nb",
    r"\<!-- a -->",
]


@pytest.mark.parametrize("source", CODE)
def test_code_and_blank_lines_stay_letter_by_letter(source):
    assert without_comments(source) == source
    assert without_comments(f"{source}\n\n<!-- c -->") == source
    assert without_comments(f"<!-- c -->\n\n{source}") == source.lstrip("\n")
    assert comments(f"{source}\n\n<!-- c -->") == ["<!-- c -->"]


def test_a_sign_of_code_within_a_comment_is_none():
    assert without_comments("a <!-- ` --> b `c` <!-- d -->") == "a  b `c` "


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[a](x.ipynb)", "[a](NEW)"),
        ("[a](<x.ipynb>)", "[a](NEW)"),
        ('[a]( x.ipynb  "there" )', '[a]( NEW  "there" )'),
        ("[a\nb](x.ipynb)", "[a\nb](NEW)"),
        ("[a `](x.ipynb)` b](x.ipynb)", "[a `](x.ipynb)` b](NEW)"),
        ("[![i](x.ipynb)](x.ipynb)", "[![i](NEW)](NEW)"),
        ("**[a](x.ipynb)**는 [b](x%2Eipynb)", "**[a](NEW)**는 [b](NEW)"),
        ("> - [a](x.ipynb)\n>   [b](x.ipynb)", "> - [a](NEW)\n>   [b](NEW)"),
        ("| [a](x.ipynb) | \\| [b](x.ipynb) |\n|---|---|\n| [c](x.ipynb) | [a](x.ipynb) |",
         "| [a](NEW) | \\| [b](NEW) |\n|---|---|\n| [c](NEW) | [a](NEW) |"),
        ("# [a](x.ipynb)", "# [a](NEW)"),
        ("[a](x.ipynb)\n===", "[a](NEW)\n==="),
        ("\u3000\n[a](x.ipynb)\n\nend", "\u3000\n[a](NEW)\n\nend"),
        ("`[a](x.ipynb)` [a](y.ipynb)", "`[a](x.ipynb)` [a](y.ipynb)"),
        ("```\n[a](x.ipynb)\n```\n\n[a](x.ipynb)", "```\n[a](x.ipynb)\n```\n\n[a](NEW)"),
        ("$[a](x.ipynb)$ \\[a](x.ipynb)", "$[a](x.ipynb)$ \\[a](x.ipynb)"),
    ],
)  # fmt: skip
def test_addresses_are_replaced_by_token(source, expected):
    assert with_addresses(source, lambda kind, old: "NEW" if old == "x.ipynb" else None) == expected


def test_another_sign_for_a_new_line_is_one():
    assert without_comments("a\r<!-- b -->\r\rc <!-- d -->\r\ne") == "a\r\r\rc \r\ne"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("![u, 2*u, 3*u](a.svg) *b*", "![u, 2\\*u, 3\\*u](a.svg) *b*"),
        ("![u, 2\\*u, 3*u](a.svg)", "![u, 2\\*u, 3*u](a.svg)"),
        ("`![2*u, 3*u](a.svg)`", "`![2*u, 3*u](a.svg)`"),
        ("| ![_a_ __b__](c.svg) |\n|---|", "| ![\\_a\\_ \\_\\_b\\_\\_](c.svg) |\n|---|"),
    ],
)
def test_an_alt_text_keeps_its_signs(source, expected):
    assert published(source) == expected


@pytest.mark.parametrize(
    ("text", "opens"),
    [("*All of it.*\n\nMore.", True), ("*Some* of it.", False), ("*a* and *b*", False), ("\u2028", False)],
)
def test_a_text_opens_with_a_caption_if_its_first_paragraph_is_in_emphasis_as_a_whole(text, opens):
    assert read_text(text).opens_with_caption == opens
