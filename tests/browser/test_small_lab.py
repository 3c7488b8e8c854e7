"""The lab inside chapters: in the place of a picture, loaded near view, as usable as on its page."""

from __future__ import annotations

import json

import pytest

from readable import hindrances
from support import LANGUAGES, ROOT

FIGURES = json.loads((ROOT / "live" / "lab" / "figures.json").read_text(encoding="utf-8"))
# Where each stands, and what comes back there before anything is changed.
PLACES = {
    "first-look": ("index", ["y (1, 4, 6)"]),
    "simple-rnn-returns": ("simple_rnn", ["y (1, 3)"]),
    "lstm-returns": ("lstm", ["y (1, 3)", "h (1, 3)", "c (1, 3)"]),
    "gru-returns": ("gru", ["y (1, 3)", "h (1, 3)"]),
    "bilstm-returns": ("bilstm", ["y (1, 4, 6)", *(f"{name} (1, 3)" for name in ("forward_h", "forward_c", "backward_h", "backward_c"))]),
}  # fmt: skip
PHONE, DESKTOP = {"viewport": {"width": 360, "height": 800}}, {"viewport": {"width": 1440, "height": 900}}
EACH = pytest.mark.parametrize("language", LANGUAGES)
# What moves from now on, and by how much. What moved before is the page's own: formulas get their fonts, in 'make audit'.
SHIFTS = """() => { window.shifts = []; new PerformanceObserver((list) => {
  for (const { value, sources } of list.getEntries()) window.shifts.push([value, ...sources.map(({ node }) => node?.textContent)]);
}).observe({ type: "layout-shift" }); }"""


@pytest.fixture
def visit(visit):
    """Open a chapter."""
    return lambda language, name, query="", **options: visit(f"{language}/{name}.html{query}", **options)


def come_near(page) -> None:
    page.locator("figure.has-live").scroll_into_view_if_needed()
    page.wait_for_selector("#lab.ready")


def returned(page) -> list[str]:
    """Name and shape of what the page says comes back, in order."""
    return [
        " ".join(card.locator(".lab-h code, .lab-shape code").all_text_contents())
        for card in page.locator(".lab-cards > li").all()
    ]


def test_every_figure_has_its_place():
    assert PLACES.keys() == FIGURES.keys()


@EACH
@pytest.mark.parametrize("name", PLACES)
def test_the_lab_stands_in_the_place_of_the_picture(visit, language, name):
    chapter, tensors = PLACES[name]
    page = visit(language, chapter)
    assert returned(page) == tensors  # before its program is there
    assert page.locator(f"#figure-{name} > img").is_hidden()
    come_near(page)
    assert returned(page) == tensors
    page.emulate_media(media="print")
    assert page.locator(f"#figure-{name} > img").is_visible() and page.locator("#lab").is_hidden()


@EACH
@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_is_the_first_thing_that_a_visitor_meets(visit, language, device):
    """Between the question of the book and everything else, and on the first screen."""
    page = visit(language, "index", **device)
    code = page.locator("#lab-code").bounding_box()
    assert code["y"] + code["height"] < device["viewport"]["height"]
    above = page.locator("article h1 ~ *, article h1").evaluate_all(
        "(parts) => parts.filter((part) => part.getBoundingClientRect().bottom <= document.getElementById('lab').getBoundingClientRect().top && part.getBoundingClientRect().height).map(({ tagName }) => tagName)"
    )
    assert above[0] == "H1" and len(above) <= 2, above


@EACH
def test_without_scripts_the_picture_stands(visit, language):
    page = visit(language, "lstm", java_script_enabled=False)
    assert page.locator("#figure-lstm-returns > img").is_visible() and page.locator("#lab").is_hidden()


def test_a_program_that_does_not_come_leaves_the_picture(browser, address):
    page = browser.new_page()
    page.route("**/_static/live/core.js*", lambda route: route.abort())
    page.goto(f"{address}en/index.html")
    page.wait_for_selector("#figure-first-look > img", state="visible")
    assert page.locator("#lab").is_hidden()
    page.close()


def of_figures(page) -> list[str]:
    """What live figures have loaded; the buttons beside code, which are no figures, are there from the start."""
    return [name for name in page.asked if "/live/" in name and "/live/run/" not in name]


def test_nothing_is_loaded_before_the_figure_is_near_and_nothing_jumps(visit):
    page = visit("en", "gru")
    page.evaluate(SHIFTS)
    assert not of_figures(page)
    come_near(page)
    loaded = of_figures(page)
    assert loaded and all("?v=" in name for name in loaded)
    page.wait_for_timeout(200)
    assert page.evaluate("window.shifts") == []
    assert not of_figures(visit("en", "faq"))


def test_a_question_does_not_jump_where_its_style_sheet_comes_late(visit):
    page = visit("en", "gru", late="**/predict/predict.css*")
    page.evaluate(SHIFTS)
    page.locator(".choice").first.scroll_into_view_if_needed()
    page.locator(".choices button").first.wait_for()
    page.wait_for_timeout(1200)
    assert page.evaluate("window.shifts") == []


@EACH
def test_switches_are_turned_with_the_keyboard_and_the_line_goes_on_to_the_lab(visit, language):
    page = visit(language, "lstm")
    come_near(page)
    before = page.url
    page.locator("#lab-0-return_sequences").focus()
    page.keyboard.press("ArrowDown")
    assert returned(page) == ["y (1, 4, 3)", "h (1, 3)", "c (1, 3)"]
    assert page.evaluate("document.activeElement.id") == "lab-0-return_sequences"
    assert "(1, 3) → (1, 4, 3)" in page.locator("#lab-change").text_content()
    page.locator(".lab-cards td[data-t]").nth(3).focus()
    assert "x1 → x2" in page.locator("#lab-read").text_content()
    assert page.url == before
    page.locator("#lab-open").click()
    page.wait_for_url(f"**/{language}/lab.html?v=1&l=lstm.3.s.h")


@EACH
def test_the_switch_of_languages_brings_what_was_chosen(visit, language):
    page = visit(language, "lstm")
    come_near(page)
    page.locator("#lab-0-return_sequences").select_option("true")
    page.locator("#lab-mask-3").uncheck()
    switch = page.locator("a[data-language]").first
    other = next(code for code in LANGUAGES if code != language)
    query = switch.get_attribute("href").partition("?")[2]
    again = visit(other, "lstm", query=f"?{query}")
    come_near(again)
    assert returned(again) == ["y (1, 4, 3)", "h (1, 3)", "c (1, 3)"]
    assert not again.locator("#lab-mask-3").is_checked()
    foreign = visit(other, "lstm", query="?v=1&l=gru.7~lstm.2")  # no state of this chapter
    come_near(foreign)
    assert returned(foreign) == PLACES["lstm-returns"][1] and foreign.locator("#lab-error").is_hidden()


@EACH
def test_merge_modes_are_chosen_by_touch(visit, language):
    page = visit(language, "bilstm", **PHONE, has_touch=True, is_mobile=True)
    come_near(page)
    arrows = "bar => [getComputedStyle(bar, '::before'), getComputedStyle(bar, '::after')].map(({ display, content }) => display !== 'none' && content)"
    bars = page.locator(".lab-cards tbody .bar")
    told = [next(filter("none".__ne__, filter(None, bars.nth(k).evaluate(arrows)))) for k in (0, 1)]
    assert "→" in told[0] and "←" in told[1]  # the squares have no numbers here
    page.locator("#lab-0-merge_mode").select_option("none")
    assert [name.split(" ")[0] for name in returned(page)][:2] == ["forward_y", "backward_y"]
    page.locator("#lab-two-00").tap()
    assert returned(page) == ["forward_y (1, 3)", "backward_y (1, 3)"]


@EACH
@pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_fits_and_can_be_read_by_all(visit, language, device):
    for name in ("index", "bilstm"):
        page = visit(language, name, **device)
        come_near(page)
        page.locator(".lab-cards td[data-t]").first.focus()
        inside = (
            "[...document.querySelectorAll('#lab, #lab *')].every((part) => part.getBoundingClientRect().left >= 0)"
        )
        assert page.evaluate(inside)
        box = page.locator("#lab").bounding_box()
        assert box["x"] + box["width"] <= device["viewport"]["width"]
        assert hindrances(page, "figure.has-live") == [], name
