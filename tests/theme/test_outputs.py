"""What reaches a page as it was typed, and as a reader can read it."""

from __future__ import annotations

import pytest

from builder.quality.browser import THEMES
from builder.quality.measures import FAINT

TYPED = [
    ("en", "with --verbose flag, -- and --- and ... here", "with --verbose flag, -- and --- and ... here"),
    ("ko", "옵션 --verbose는, -- 그리고 ---와 ... 여기", "옵션 --verbose는, -- 그리고 ---와 ... 여기"),
    ("en", "a \"word\" and 'one', it's", "a “word” and ‘one’, it’s"),
    ("ko", "이 \"말\"과 '말'", "이 “말”과 ‘말’"),
]


@pytest.mark.parametrize(("edition", "typed", "shown"), TYPED)
def test_dashes_and_dots_stay_as_they_are_typed_and_quotes_are_curled_as_in_the_pdf(book, edition, typed, shown):
    """In text, headings, lists, tables and captions; two hyphens are more often an option than a dash."""
    book.write("one", f"# One {typed}\n\n{typed}\n\n- {typed}\n\n| a | b |\n|---|---|\n| {typed} | c |\n\n> {typed}")
    page = book.build(edition).article("one")
    for part in ("h1", "section > p:not(.page-row)", "li", "td", "blockquote"):
        assert shown in page.select_one(part).text, part


def test_code_stays_as_it_is_typed(book):
    book.write("one", '# One\n\n`--a "b" ...`\n\n```\n--a "b" ...\n```')
    page = book.build().article("one")
    assert page.select_one("p code").text == page.select_one("pre").text.strip() == '--a "b" ...'


SUMMARY = (
    '<pre style="white-space:pre"><span style="font-weight: bold">Model: "sequential"</span>\n'
    '<span style="color: #00d7ff; text-decoration-color: #00d7ff">None</span> <span style="color: #00af00">84</span> '
    '<span style="color: #0087ff">LSTM</span> <span style="color: yellow; background: white">y</span> '
    '<span style="color: #111; background-color: #222">dark</span> <font color="#eee">font</font></pre>'
)
TABLE = (
    "<style>#t td { color: #ddd; background: #eee }</style>"
    '<table id="t"><thead><tr style="background: #fff"><th>head</th></tr></thead><tr bgcolor="#ffffff"><td>cell</td></tr></table>'
)


@pytest.mark.browser
@pytest.mark.parametrize("html", [SUMMARY, TABLE], ids=["summary", "table"])
def test_outputs_in_html_can_be_read_in_both_themes(book, printed, html):
    from builder.quality.browser import browse

    book.write("one", "# One", printed({"text/html": html}))
    built = book.build()
    assert built.status == 0, built.warnings
    with browse() as browser:
        page = browser.new_page()
        page.goto((built.folder / "one.html").as_uri())
        assert page.locator(".cell_output").inner_text().strip()
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)
            assert page.evaluate(FAINT) == [], theme
