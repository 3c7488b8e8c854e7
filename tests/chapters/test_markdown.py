"""Taking a Markdown cell apart."""

from builder.chapters.markdown import read_text, slug


def test_slug_is_that_of_github_and_myst():
    assert slug("What `return_state` adds: h, c") == "what-return_state-adds-h-c"


def test_text_reads_what_a_cell_is_made_of():
    found = read_text(
        "# A\n\n$$\nx  +\ny\n$$\n\n`a` $b$ [c](d.ipynb) ![e](f.svg)\n\n```python\ng\n```\n\n<details>\n\n</details>"
    )
    assert (found.headings, found.display_formulas, found.formulas) == ([(1, "A")], ["x + y"], {"b"})
    assert (found.inline_code, found.links, found.figures, found.alts) == ({"a"}, ["d.ipynb"], ["f.svg"], ["e"])
    assert (found.code_blocks, found.collapsed) == ([("python", "g\n")], 1)
