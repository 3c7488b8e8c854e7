"""The built site as a reader meets it, in the system's Chromium: phone and desktop, light and dark, keyboard, paper."""

from __future__ import annotations

import functools
import io
import json
import re
from urllib.parse import urlsplit

import pytest
from PIL import Image

from builder.quality.browser import THEMES, WIDTHS, lay_out, open_page, stay
from builder.quality.lighthouse import KIB
from builder.quality.measures import CHARACTERS, CHARACTERS_WANTED, CUT, FAINT, WEIGHT
from readable import hindrances
from support import CHAPTERS, LANGUAGES, sampled, settle, the_book, unfold, wait_until
from theme.extension.live import small
from theme.extension.styles import listed, statements

PAGES = ["index", "404", *(f"{language}/{path.stem}" for language in LANGUAGES for path in CHAPTERS)]
LIVE = ("lab", "review", "teachers")  # pages that are no chapters
WITHOUT_KEY_FIGURE = ("index", "404", "faq", "glossary", *LIVE)
PHONE, DESKTOP = ({"viewport": {"width": width, "height": 800}} for width in WIDTHS.values())
BOTH = pytest.mark.parametrize("device", [PHONE, DESKTOP], ids=list(WIDTHS))

# Which boxes stick out of the page, which would then scroll sideways.
WIDER = """() => [document.documentElement, ...document.querySelectorAll(".content")]
  .filter((box) => box.tagName === "HTML" || getComputedStyle(box).overflowX !== "visible")
  .filter((box) => box.scrollWidth > box.clientWidth).map((box) => `${box.tagName} ${box.scrollWidth}`)"""

# What lies on lines of code or of what it prints: the name of the output, and the buttons of Run.
COVERED = """() => [...document.querySelectorAll("article .cell")].filter((cell) => cell.checkVisibility()).flatMap((cell) => {
  const boxes = [...cell.querySelectorAll(".run-tools button")].map((button) => button.getBoundingClientRect());
  for (const output of cell.querySelectorAll(".cell_output")) {
    const style = getComputedStyle(output, "::before"), frame = output.getBoundingClientRect();
    const [x, y, ...size] = [style.left, style.top, style.width, style.height].map(parseFloat);
    if (style.content !== "none") boxes.push(new DOMRect(frame.x + output.clientLeft + x, frame.y + output.clientTop + y, ...size));
  }
  const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), line = document.createRange(), covered = [];
  while (texts.nextNode()) {
    if (!texts.currentNode.data.trim() || !texts.currentNode.parentElement.closest("pre")) continue;
    line.selectNodeContents(texts.currentNode);
    for (const one of line.getClientRects())
      if (boxes.some((box) => Math.min(one.right, box.right) > Math.max(one.left, box.left)
        && Math.min(one.bottom, box.bottom) - Math.max(one.top, box.top) > 2)) covered.push(texts.currentNode.data); // leading
  }
  return covered;
})"""

# The first text in view, below what stays at the top.
IN_VIEW = """[...document.querySelectorAll("article :is(p, pre, h2, h3)")]
  .find((part) => part.getBoundingClientRect().bottom > 130).textContent"""


@pytest.fixture
def visit(browser, address):
    """Open a page in a context of its own: ``visit("ko/lstm", **options of the context)``."""
    contexts = []

    def visit(name: str, **options):
        contexts.append(browser.new_context(**options))
        page = contexts[-1].new_page()
        page.goto(f"{address}{name}")
        return page

    yield visit
    for context in contexts:
        context.close()


# -- every page -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*PAGES, *(f"{language}/{page}" for language in LANGUAGES for page in LIVE)])
def test_a_page_is_quiet_and_light_and_fits_screens_and_paper(site, browser, address, name):
    """No message, no request to elsewhere; no rule is left out that would apply; the figure comes first; nothing is cut off."""
    said, asked = [], []
    with browser.new_context(**PHONE, color_scheme="light", has_touch=True) as context:  # buttons are larger
        context.on("console", lambda message: said.append(message.text))
        context.on("weberror", lambda error: said.append(str(error.error)))
        context.on("request", lambda request: asked.append(request.url))
        page = context.new_page()
        stay(page)
        settle(page, lambda: page.goto(f"{address}{name}.html"))
        assert page.url == f"{address}{name}.html"
        if "/" in name:
            weight = page.evaluate(WEIGHT)
            assert set(weight) >= {"HTML", "CSS", "script", "fonts"}
            assert sum(weight.values()) <= KIB * 1024, weight
            out = rules_left_out(site, name.split("/")[0])
            assert page.evaluate("(out) => out.filter(([, found]) => document.querySelector(found))", out) == []
        lay_out(page)
        for device in (PHONE, DESKTOP):
            page.set_viewport_size(device["viewport"])
            assert page.evaluate(WIDER) == []
            assert page.evaluate(COVERED) == []
            if name.rpartition("/")[2] not in WITHOUT_KEY_FIGURE:
                box = page.locator(".key-figure img").bounding_box()  # its larger part is in the first screen
                assert box["y"] + box["height"] / 2 < device["viewport"]["height"]
        assert page.evaluate(CUT) == []
        page.set_viewport_size({"width": 718, "height": 1047})  # A4 without margins of 1 cm
        page.emulate_media(media="print")
        wider = ".filter((part) => part.scrollWidth > part.clientWidth).map((part) => part.textContent.slice(0, 80))"
        parts = "[...document.querySelectorAll('article :is(pre, .table-wrapper, .katex-display)')]"
        assert page.evaluate(f"{parts}{wider}") == []
    assert said == []
    assert {urlsplit(url).hostname for url in asked if not url.startswith("data:")} == {"127.0.0.1"}


@functools.cache
def rules_left_out(site, language: str) -> list[list[str]]:
    """The selectors that theme/extension/styles.py has left out, each with one that finds its elements in any state."""
    folder = site.parents[1] / "_build" / "editions" / language / "_build" / ".doctrees"
    whole = (folder / "edition.css").read_text("utf-8")
    left = (site / language / "_static" / "edition.css").read_text("utf-8")
    out = selectors(small("edition.css", whole)) - selectors(left)
    assert len(out) > 300
    return [[selector, re.sub(r"::?[a-z-]+(?![a-z(-])", ":is(*)", selector)] for selector in sorted(out)]


@BOTH
@pytest.mark.parametrize("name", [*PAGES[:2], *sampled(PAGES[2:]), *(f"{language}/lab" for language in LANGUAGES)])
def test_a_page_can_be_read_by_all(browser, address, name, device):
    """Nothing for axe; contrast in both themes."""
    with browser.new_context(**device, color_scheme="light") as context:
        assert hindrances(open_page(context, f"{address}{name}.html")) == []


@pytest.mark.parametrize("name", sampled(PAGES[2:]))
def test_a_page_is_complete_without_javascript(browser, address, name):
    with browser.new_context(java_script_enabled=False) as bare, browser.new_context() as full:
        seen = []
        for context in (bare, full):
            page = open_page(context, f"{address}{name}.html") if context is full else context.new_page()
            page.goto(f"{address}{name}.html")
            style = "* { content-visibility: visible !important } button.copy { display: none }"
            page.evaluate(  # Playwright's add_style_tag waits for an event that never comes where scripts are off
                "(text) => document.head.append(Object.assign(document.createElement('style'), { textContent: text }))",
                style,
            )
            # Without scripts a picture stands in the place of a live figure; tests/browser/test_small_lab.py looks at both.
            parts = "[...document.querySelectorAll('article :is(.katex-html, pre, summary, table):not(.live *)')]"
            seen.append(page.evaluate(f"{parts}.map((part) => [part.textContent, part.clientHeight > 0])"))
        assert seen[0] == seen[1] and seen[0]
        wait_until(bare.pages[0], "[...document.images].every((image) => image.complete && image.naturalWidth)")


def selectors(css: str) -> set[str]:
    """All selectors of a style sheet."""
    parts = [(head, body) for head, body in statements(css) if body is not None]
    within = (selectors(body) for head, body in parts if head.startswith(("@media", "@supports")))
    return {selector for head, _ in parts if not head.startswith("@") for selector in listed(head)}.union(*within)


# -- door and languages -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("locale", "edition"), [("ko-KR", "ko"), ("en-GB", "en"), ("fr-FR", the_book().anchor_language.code)]
)
def test_the_door_leads_to_the_language_of_the_browser(visit, address, locale, edition):
    page = visit("index.html", locale=locale)
    page.wait_for_url(f"{address}{edition}/index.html")


def test_the_door_remembers_the_language_that_was_chosen(visit, address):
    page = visit("index.html", locale="ko-KR")
    page.wait_for_url(f"{address}ko/index.html")
    page.locator('a[data-language="en"]').locator("visible=true").click()
    page.wait_for_url(f"{address}en/index.html")
    page.goto(f"{address}index.html")
    page.wait_for_url(f"{address}en/index.html")


def test_the_door_opens_without_javascript(visit, address):
    page = visit("index.html", java_script_enabled=False)
    page.locator('a[lang="ko"]').click()
    page.wait_for_url(f"{address}ko/index.html")


@BOTH
@pytest.mark.parametrize("section", ["", "#one-time-step-in-six-parts", "#shape-table", "#sources"])
def test_the_language_switch_keeps_page_and_section(visit, address, device, section):
    page = visit(f"ko/lstm.html{section}", **device, reduced_motion="reduce")
    page.wait_for_timeout(300)  # until the page stands still
    page.locator('a[data-language="en"]').locator("visible=true").click()
    page.wait_for_url(f"{address}en/lstm.html{section}")
    heading = page.locator(f"{section or 'article section'} >> :is(h1, h2, h3)").first
    before, now = None, heading.bounding_box()["y"]
    while now != before:  # until the page stands still, which takes longer on a busy machine
        page.wait_for_timeout(500)
        before, now = now, heading.bounding_box()["y"]
    assert 0 <= now < 800


@BOTH
def test_a_link_into_a_chapter_arrives_at_once(visit, device):
    page = visit("ko/lstm.html#what-you-can-do-now", **device)
    assert 0 <= page.locator("#what-you-can-do-now h2").bounding_box()["y"] < 800


@BOTH
@pytest.mark.parametrize("name", ["ko/lstm", "en/models"])
def test_a_reload_and_the_way_back_keep_the_place(visit, name, device):
    page = visit(f"{name}.html", **device)
    for _ in range(15):
        page.evaluate("scrollBy({ top: 800, behavior: 'instant' })")
        page.wait_for_timeout(50)
    page.wait_for_timeout(500)  # until the page stands still
    assert page.evaluate("scrollY") > 9000
    same = f"{IN_VIEW} === {json.dumps(page.evaluate(IN_VIEW))}"
    page.reload()
    wait_until(page, same)
    page.evaluate("location.href = 'index.html'")
    page.wait_for_url("**/index.html")
    page.go_back()
    wait_until(page, same)


# -- themes -----------------------------------------------------------------------------------------------------------


def tones(locator) -> tuple[int, int, int]:
    """The brightness of a picture's corner, and the least and greatest in it, from 0 to 255."""
    locator.scroll_into_view_if_needed()
    image = Image.open(io.BytesIO(locator.screenshot())).convert("L")
    return image.getpixel((1, 1)), *image.getextrema()


@pytest.mark.parametrize("system", THEMES)
def test_the_theme_is_kept_and_figures_follow_it(visit, system):
    page = visit("en/lstm.html", **DESKTOP, color_scheme=system)
    figures = [page.locator('img[src$="lstm-cell.svg"]').first, page.locator("#figure-heat-map-code img")]

    def looks(theme: str) -> bool:
        for figure in figures:
            figure.evaluate("async image => { image.loading = 'eager'; await image.decode(); }")
        found = [tones(figure) for figure in figures]
        if theme == "light":
            return all(ground > 230 and darkest < 120 for ground, darkest, _ in found)
        return all(ground < 40 and brightest > 150 for ground, _, brightest in found)

    assert looks(system)
    other = next(theme for theme in THEMES if theme != system)
    toggle = page.locator("button.theme-toggle").locator("visible=true")
    while page.locator("body").get_attribute("data-theme") != other:
        toggle.click()
    assert looks(other)
    page.reload()
    assert page.locator("body").get_attribute("data-theme") == other
    assert looks(other)


@pytest.mark.parametrize(("wish", "duration"), [("reduce", "0s"), ("no-preference", "0.3s")])
def test_motion_is_reduced_for_those_who_wish_it(visit, wish, duration):
    page = visit("en/lstm.html", reduced_motion=wish)
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    assert page.locator(".skip-to-content").evaluate("(link) => getComputedStyle(link).transitionDuration") == duration


# -- type -------------------------------------------------------------------------------------------------------------


# Without a font for them all letters are the same narrow box.
SHOWS_HANGUL = """() => {
    const [one, other] = [..."가힣"].map((letter) => {
        const canvas = new OffscreenCanvas(40, 40).getContext("2d");
        canvas.font = "30px sans-serif";
        canvas.fillText(letter, 0, 32);
        return canvas.getImageData(0, 0, 40, 40).data.join();
    });
    return one !== other;
}"""


@pytest.mark.parametrize(("language", "wanted"), CHARACTERS_WANTED.items())
def test_a_line_of_text_is_as_long_as_the_eye_can_follow(visit, language, wanted):
    page = visit(f"{language}/lstm.html", **DESKTOP)
    if language == "ko" and not page.evaluate(SHOWS_HANGUL):
        pytest.skip("this machine has no Korean font")
    lines, (least, most) = page.evaluate(CHARACTERS), wanted
    assert len(lines) > 10
    assert least <= lines[len(lines) // 2] <= most
    if language == "en":  # a Korean line with English words in it holds more letters
        assert lines[int(len(lines) * 0.95)] <= most + 6


@BOTH
@pytest.mark.parametrize("language", LANGUAGES)
def test_text_and_code_are_in_the_typefaces_of_the_book(visit, device, language):
    page = visit(f"{language}/lstm.html", **device)
    faces = "[document.body, ...document.querySelectorAll('article p, article pre, article h2')].map((part) =>"
    faces = page.evaluate(f"{faces} getComputedStyle(part).fontFamily.split(',')[0])")
    assert set(faces) == {'"Book Sans"', "ui-monospace"}
    page.evaluate("document.fonts.ready")
    assert page.evaluate(
        "[...document.fonts].some((face) => /^book sans$/i.test(face.family) && face.status === 'loaded')"
    )


# -- code and solutions -----------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize(("language", "label"), [("ko", "출력"), ("en", "Out")])
def test_code_and_what_it_prints_are_one_frame(visit, device, language, label):
    page = visit(f"{language}/lstm.html", **device)
    assert (
        page.evaluate("""() => [...document.querySelectorAll("article div.cell:has(.cell_output)")]
      .filter((cell) => {
        const [input, output] = [...cell.querySelectorAll(".cell_input, .cell_output")].map((part) => part.getBoundingClientRect());
        const next = cell.nextElementSibling?.getBoundingClientRect() ?? { top: 1e9 };
        return cell.checkVisibility() && (output.top - input.bottom > 1 || next.top - output.bottom < 16);
      }).map((cell) => cell.textContent)""")
        == []
    )
    named = "getComputedStyle(document.querySelector('.cell_output:has(pre)'), '::before').content"
    assert page.evaluate(named) == f'"{label}"'


def test_the_copy_button_copies_the_code_of_a_cell(visit):
    page = visit("ko/lstm.html", **DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    unfold(page)
    cells = [cell for cell in the_book().chapter("lstm").all_cells if cell.is_code]
    for number in (0, len(cells) - 1):
        block = page.locator(".cell_input .highlight").nth(number)
        block.hover()
        button = block.get_by_role("button", name="복사", exact=True)
        button.click()
        block.get_by_role("button", name="복사함").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == cells[number].source


def test_the_copy_button_leaves_out_prompts_and_answers(browser, address):
    console = (
        '<details open><div class="highlight"><pre><span class="gp">&gt;&gt;&gt; </span>x = 1\n'
        '<span class="gp">&gt;&gt;&gt; </span>x\n<span class="go">1\n</span></pre></div></details>'
    )
    with browser.new_context(permissions=["clipboard-read", "clipboard-write"]) as context:
        page = context.new_page()

        def add(route):
            answer = route.fetch()
            route.fulfill(response=answer, body=answer.text().replace("</h1>", f"</h1>{console}", 1))

        page.route("**/lstm.html", add)
        page.goto(f"{address}en/lstm.html")
        page.locator("details button.copy").first.focus()
        page.keyboard.press("Enter")
        page.locator("details button.copy", has_text="Copied").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == "x = 1\nx"


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_solutions_open_by_keyboard(visit, key):
    page = visit("en/lstm.html")
    solution = page.locator("article details", has_text="Show the solution").first
    assert not solution.locator("pre").is_visible()
    solution.locator("summary").focus()
    page.keyboard.press(key)
    assert solution.locator("pre").is_visible()
    page.keyboard.press(key)
    assert not solution.locator("pre").is_visible()


# -- keyboard ---------------------------------------------------------------------------------------------------------

# What has the focus: a name, whether it stands in view, and whether one sees that it has the focus.
FOCUS = """() => {
  const element = document.activeElement, box = element.getBoundingClientRect(), style = getComputedStyle(element);
  if (element === document.body) return null;
  window.reached ??= new Set();
  const again = window.reached.has(element);
  window.reached.add(element);
  const point = [Math.max(0, box.left) + 2, (Math.max(0, box.top) + Math.min(innerHeight, box.bottom)) / 2];
  const hit = document.elementFromPoint(...point);
  const name = `${element.tagName} ${element.className} ${element.textContent.trim().slice(0, 30)}`;
  return [name, again, Boolean(hit && (element.contains(hit) || hit.contains(element))), style.outlineStyle !== "none"];
}"""

MISSED = """() => Array.from(document.querySelectorAll("a[href], button, summary, input"))
  .filter((control) => control.checkVisibility({ visibilityProperty: true }) && !window.reached.has(control)
    && !control.matches(".headerlink"))
  .map((control) => control.outerHTML.slice(0, 120))"""


@BOTH
def test_everything_can_be_reached_and_seen_by_keyboard(visit, device):
    page = visit("ko/index.html", **device, reduced_motion="reduce")
    page.locator("#exercise-1-other-units").scroll_into_view_if_needed()
    # A question wakes when it is near; nobody tabs through a page as fast as this test.
    wait_until(page, "!document.querySelector('#exercise-1-other-units fieldset').disabled")
    page.evaluate("scrollTo(0, 0)")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.hash") == "#furo-main-content"
    while (stop := page.evaluate(FOCUS)) and not stop[1]:
        name, _, in_view, marked = stop
        assert in_view and marked, name
        page.keyboard.press("Tab")
    assert page.evaluate(MISSED) == []


def test_the_way_back_by_keyboard_ends_under_no_header(visit):
    page = visit("ko/lstm.html", **PHONE, reduced_motion="reduce")
    page.keyboard.press("Tab")
    page.locator("article a").last.focus()
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        hidden = """document.activeElement.getBoundingClientRect().top
            < document.querySelector(".mobile-header").getBoundingClientRect().bottom && document.activeElement.outerHTML"""
        assert not page.evaluate(hidden)


def test_the_link_to_the_text_skips_what_stands_before_it(visit):
    page = visit("en/lstm.html", reduced_motion="reduce")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("Boolean(document.activeElement.closest('article'))")


@pytest.mark.parametrize(
    ("button", "drawer"), [("장 목록 여닫기", ".sidebar-drawer"), ("이 페이지의 목차 여닫기", ".toc-drawer")]
)
def test_the_drawers_of_a_phone_open_and_shut_by_keyboard(visit, button, drawer):
    page = visit("ko/lstm.html", **PHONE, reduced_motion="reduce")
    opener = page.get_by_role("button", name=button)
    assert not page.locator(drawer).is_visible() and opener.get_attribute("aria-expanded") == "false"
    opener.press("Enter")
    assert page.locator(drawer).is_visible() and opener.get_attribute("aria-expanded") == "true"
    assert page.evaluate(f"Boolean(document.activeElement.closest('{drawer}'))")
    page.keyboard.press("Escape")
    assert not page.locator(drawer).is_visible()
    assert page.evaluate("document.activeElement.ariaLabel") == button


@pytest.mark.parametrize(("label", "drawer"), [("__navigation", ".sidebar-drawer"), ("__toc", ".toc-drawer")])
def test_the_drawers_of_a_phone_open_without_javascript(visit, label, drawer):
    page = visit("ko/lstm.html", **PHONE, java_script_enabled=False)
    page.locator(f"header label[for={label}]").click()
    assert page.locator(drawer).is_visible()


@BOTH
def test_what_scrolls_inside_itself_can_be_scrolled_by_keyboard(visit, device):
    page = visit("en/lstm.html", **device, reduced_motion="reduce")
    page.evaluate("""document.querySelector("#shape-table td").style = "min-width: 100rem; height: 10rem" """)
    wait_until(page, "document.querySelector('#shape-table .table-wrapper').tabIndex === 0")
    page.locator("#shape-table .table-wrapper").focus()
    page.keyboard.press("ArrowRight")
    wait_until(page, "document.activeElement.scrollLeft > 0")
    assert page.url.endswith("lstm.html"), "the arrow key scrolls, and leads to no other chapter"


@BOTH
def test_nothing_in_a_page_scrolls_up_and_down(visit, device):
    page = visit("en/models.html", **device)
    data = page.locator(".tag_data details.code").first
    assert not data.locator("pre").is_visible() and "korean" in data.locator("summary").text_content()
    data.locator("summary").click()
    assert data.locator("pre").is_visible()
    scrolling = (
        "[...document.querySelectorAll('article *')].filter((part) => part.checkVisibility() && part.scrollHeight >"
    )
    scrolling += (
        " part.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(part).overflowY)).map((part) => part.outerHTML)"
    )
    assert page.evaluate(scrolling) == []
    page.emulate_media(media="print")
    assert page.locator(".tag_data pre").nth(1).is_visible()


@BOTH
def test_korean_words_stay_whole_in_both_editions(visit, device):
    page = visit("en/glossary.html", **device)
    assert page.locator("td span:lang(ko)").first.evaluate("word => getComputedStyle(word).wordBreak") == "keep-all"


# -- tables -----------------------------------------------------------------------------------------------------------


def test_each_row_of_a_table_says_all_on_a_phone_and_once_on_a_desk(visit):
    """Rows of which the second leaves blank what the first says: the settings of a layer, and what comes back from them."""
    row = "[...document.querySelectorAll('#shape-table table tbody tr')][3].innerText.trim().split(/\\s*[\\n\\t]\\s*/)"
    phone = visit("en/lstm.html", viewport={"width": 390, "height": 844}).evaluate(row)
    assert phone[:3] == ["return_sequences: False", "return_state: True", "returned: h"]
    assert phone[-1] == "meaning: the same values as y"
    desk = visit("en/lstm.html", **DESKTOP).evaluate(row)
    assert desk[0] == "h" and desk[-1] == "the same values as y"


@pytest.mark.parametrize("page", ["en/lstm", "ko/gru", "en/simple_rnn", "ko/bilstm", "en/faq", "en/glossary"])
def test_no_cell_of_a_phone_stands_without_the_name_of_its_column(visit, page):
    nameless = """[...document.querySelectorAll("article table.rows")].flatMap((table) => {
      const head = [...table.querySelectorAll("thead th")];
      if (head[0].checkVisibility() && head[0].getBoundingClientRect().width > 1) return [];  // it stands above the rows
      const first = table.matches(".named") ? 1 : 0;
      return [...table.querySelectorAll("tbody tr")].flatMap((row) => [...row.cells].slice(first)
        .filter((cell, place) => cell.innerText.trim() && !cell.innerText.trim().startsWith(head[first + place].innerText.trim()))
        .map((cell) => cell.innerText));
    })"""
    opened = visit(f"{page}.html", viewport={"width": 390, "height": 844})
    assert opened.locator("article table.rows").count() and opened.evaluate(nameless) == []


@BOTH
def test_lists_and_tables_begin_at_the_edge_of_the_text(visit, device):
    for name, parts in {"en/index": "ul.chapter-cards, ul.questions", "en/lstm": ".table-wrapper > table"}.items():
        page = visit(f"{name}.html", **device)
        left = f"[...document.querySelectorAll('article .lead, article :is({parts})')].map((part) => part.getBoundingClientRect().left)"
        edges = page.evaluate(left)
        assert len(edges) > 1 and max(edges) - min(edges) < 1


# -- paper ------------------------------------------------------------------------------------------------------------


def test_paper_shows_the_chapter_alone(visit):
    page = visit("en/lstm.html", viewport={"width": 794, "height": 1123}, color_scheme="dark")
    page.emulate_media(media="print")
    for part in ("header", ".sidebar-drawer", ".toc-drawer", ".related-pages", ".page-row", ".key-figure", "button"):
        assert page.locator(part).locator("visible=true").count() == 0, part
    solution = page.locator("article details", has_text="Show the solution").first
    assert solution.locator("pre").is_visible() and solution.get_attribute("open") is None
    ground, darkest, _ = tones(page.locator('figure img[src$="lstm-cell.svg"]').first)
    assert ground > 230 and darkest < 120
    assert page.evaluate(FAINT) == []
    assert page.pdf().startswith(b"%PDF")
