"""Where a reader is: the marked section, the line that says so on narrow screens, the place that is kept, what lies above it."""

from __future__ import annotations

import pytest
from selectolax.lexbor import LexborHTMLParser

from builder.quality.measures import MARKED, TWO_FRAMES, at_every_place
from support import CHAPTERS, sampled, wait_until

WIDTHS = {"phone": 360, "tablet": 1100, "desktop": 1440}


@pytest.fixture
def visit(browser, address):
    """Open a page of the site in a window of its own: visit("en/lstm.html", width=360)."""
    contexts = []

    def visit(name: str, width: int = 1440, height: int = 800, **options):
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **options))
        page = contexts[-1].new_page()
        page.goto(address + name)
        return page

    yield visit
    for context in contexts:
        context.close()


END, TOP = "document.documentElement.scrollHeight - innerHeight - scrollY < 2", "scrollY === 0"


def go(page, key: str, there: str) -> None:
    """Press End or Home until it is reached: a busy browser now and then gives up on the way."""
    for _ in range(10):
        page.keyboard.press(key)
        for _ in range(30):
            if page.evaluate(there):
                return
            page.wait_for_timeout(100)
    raise AssertionError(f"{key} does not lead there: {there}")


def two_frames(page) -> None:
    page.evaluate(TWO_FRAMES)


def marked(page) -> dict:
    """What is marked, once that is right: a busy browser takes a while to see that the page has changed."""
    for _ in range(50):
        seen = page.evaluate(MARKED)
        if seen["first"] <= seen["here"] <= seen["last"]:
            break
        page.wait_for_timeout(100)
    return seen


# -- the marked section -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sampled((path.stem for path in CHAPTERS), ("index", "inputs")))
def test_the_marked_section_is_right_at_every_place(visit, name):
    places, wrong = at_every_place(visit(f"en/{name}.html"))
    assert places > 5 and not wrong, f"{len(wrong)} places, {wrong[:3]}"


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
def test_a_link_of_the_contents_is_the_marked_one_behind_it(visit, width):
    page = visit("ko/lstm.html", width)
    links = page.evaluate("[...document.querySelectorAll('.toc-tree a')].map((link) => link.hash)")
    for number in [1, 2, 7, len(links) - 3, len(links) - 2, len(links) - 1]:
        page.evaluate(f"document.querySelectorAll('.toc-tree a')[{number}].click()")
        page.wait_for_timeout(100)
        two_frames(page)
        seen = page.evaluate(MARKED)
        assert seen["here"] == number, (links[number], seen)
    page.evaluate("scrollBy(0, -600)")  # the address names it still, and it is read no longer
    two_frames(page)
    assert page.evaluate(MARKED)["here"] < len(links) - 1


def test_the_mark_lives_on_when_the_window_gets_wider_and_a_solution_is_opened(visit):
    page = visit("en/lstm.html", 1200)
    page.evaluate("scrollTo(0, 9000)")
    page.set_viewport_size({"width": 1600, "height": 900})
    two_frames(page)
    page.mouse.wheel(0, 2000)
    page.wait_for_timeout(300)
    seen = marked(page)
    assert seen["bold"] == 1 and seen["first"] <= seen["here"] <= seen["last"], seen
    page.evaluate("document.querySelectorAll('details').forEach((part) => { part.open = true; })")
    page.wait_for_timeout(300)
    seen = marked(page)
    assert seen["first"] <= seen["here"] <= seen["last"], seen


@pytest.mark.parametrize("width", [360, 1010, 1280, 1440])
def test_a_page_says_where_one_is(visit, width):
    """In the contents beside the text, or in a line that stays at the top."""
    page = visit("en/lstm.html#forget-gate", width)
    page.mouse.move(width / 2, 400)
    page.mouse.wheel(0, 40)
    page.wait_for_timeout(300)
    if width > 1312:
        assert page.locator(".toc-tree [aria-current]").is_visible()
        assert not page.locator(".here").locator("visible=true").count()
        return
    line = page.locator(".here").locator("visible=true")
    assert line.inner_text() == "3 LSTM · Forget gate"
    box = line.bounding_box()
    assert 0 <= box["y"] and box["y"] + box["height"] < 80 and box["x"] >= 0 and box["x"] + box["width"] <= width
    contents = page.locator("button.toc-overlay-icon").locator("visible=true")
    assert 0 <= contents.bounding_box()["y"] < 60
    page.evaluate("scrollTo(0, 0)")
    wait_until(page, "![...document.querySelectorAll('.here')].some((line) => line.checkVisibility())")


def test_without_contents_nothing_fails(visit):
    said = []
    page = visit("404.html")
    page.on("pageerror", lambda error: said.append(str(error)))
    page.reload()
    assert said == []


# -- the place is kept ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("name", ["en/lstm", "ko/faq"])
def test_end_is_the_end_and_the_scroll_bar_tells_the_truth(visit, name, width):
    page = visit(f"{name}.html", width)
    before = page.evaluate("document.documentElement.scrollHeight")
    page.locator("article h1").click()
    go(page, "End", END)
    assert abs(page.evaluate("document.documentElement.scrollHeight") - before) < 3
    page.wait_for_timeout(300)  # the last pixel: a key that is pressed on the way there is lost
    go(page, "Home", TOP)


# -- what lies over the page ------------------------------------------------------------------------------------------


def try_to_scroll(page, places) -> list[int]:
    found = []
    for x, y in places:
        page.mouse.move(x, y)
        page.mouse.wheel(0, 900)
        page.wait_for_timeout(250)
        found.append(page.evaluate("scrollY"))
    return found


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS)
@pytest.mark.parametrize("query", ["", "keras"])
def test_the_page_stays_where_it_is_behind_the_search(visit, width, query):
    page = visit("en/lstm.html", width)
    page.evaluate("scrollTo(0, 3000)")
    text = page.locator("article").bounding_box()["x"]
    page.keyboard.press("/")
    page.keyboard.type(query)
    if query:
        page.locator("dialog li").first.wait_for()
    before = page.evaluate("scrollY")
    assert set(try_to_scroll(page, [(5, 600), (width / 2, 790), (width / 2, 120)] + [(width / 2, 300)] * 5)) == {before}
    assert page.locator("article").bounding_box()["x"] == text, "the page moves aside"
    page.keyboard.press("PageDown")
    page.locator("dialog").get_by_role("button", name="Close").click()
    assert page.evaluate("scrollY") == before
    page.mouse.move(width / 2, 500)
    page.mouse.wheel(0, 900)
    wait_until(page, f"scrollY > {before}")


@pytest.mark.parametrize(
    ("width", "button"), [(360, ".nav-overlay-icon"), (360, ".toc-header-icon"), (1100, ".toc-content-icon")]
)
def test_the_page_stays_where_it_is_behind_a_drawer(visit, width, button):
    page = visit("en/lstm.html", width)
    page.evaluate("scrollTo(0, 3000)")
    page.wait_for_timeout(100)
    page.locator(button).click()
    page.wait_for_timeout(400)
    before = page.evaluate("scrollY")
    left, right = (20, width - 20) if "toc" not in button else (width - 20, 20)
    assert set(try_to_scroll(page, [(right, 500)] + [(left, 500)] * 6)) == {before}
    page.keyboard.press("Escape")
    page.wait_for_timeout(400)
    page.mouse.move(width / 2, 500)
    page.mouse.wheel(0, 900)
    wait_until(page, f"scrollY > {before}")


def test_the_page_stays_where_it_is_under_a_finger(visit):
    page = visit("en/lstm.html", 390, has_touch=True, is_mobile=True)
    page.evaluate("scrollTo(0, 3000)")
    session = page.context.new_cdp_session(page)

    def swipe(x: int) -> float:
        points = [[{"x": x, "y": 600 - 30 * step}] for step in range(16)]
        for kind, touched in [
            ("touchStart", points[0]),
            *(("touchMove", point) for point in points[1:]),
            ("touchEnd", []),
        ]:
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})
            page.wait_for_timeout(20)
        page.wait_for_timeout(600)
        return page.evaluate("scrollY")

    assert swipe(300) > 3000
    for button in (".nav-overlay-icon", ".toc-header-icon"):
        page.locator(button).tap()
        page.wait_for_timeout(400)
        before = page.evaluate("scrollY")
        assert {swipe(385 if "nav" in button else 5), swipe(150)} == {before}
        page.keyboard.press("Escape")
        page.wait_for_timeout(400)
    page.keyboard.press("/")
    page.wait_for_timeout(200)
    before = page.evaluate("scrollY")
    assert swipe(200) == before


# -- from chapter to chapter -------------------------------------------------------------------------------------------


def test_arrow_keys_lead_to_the_next_chapter_and_back(visit):
    page = visit("ko/lstm.html")
    for key, to in (("ArrowRight", "gru"), ("ArrowLeft", "lstm"), ("ArrowLeft", "simple_rnn")):
        page.keyboard.press(key)
        page.wait_for_url(f"**/ko/{to}.html")


def test_arrow_keys_stay_where_something_else_uses_them(visit):
    page = visit("en/lstm.html")
    for key in ("Alt+ArrowLeft", "Control+ArrowRight", "Shift+ArrowRight"):
        page.keyboard.press(key)
    page.keyboard.press("/")
    page.keyboard.type("gate")
    page.keyboard.press("ArrowLeft")
    page.locator("dialog").get_by_role("button", name="Close").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    page.locator(".live select").first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert page.url.endswith("/en/lstm.html")


def test_a_chapter_read_to_its_end_has_a_tick_in_both_editions(visit):
    page = visit("en/lstm.html")
    ticks = "[...document.querySelectorAll('.sidebar-tree [data-read]')].map((line) => [line.parentElement.dataset.page, line.dataset.read])"
    two_frames(page)
    assert page.evaluate(ticks) == []
    go(page, "End", f"({ticks}).length")
    assert page.evaluate(ticks) == [["lstm", "read to the end"]]
    page.goto(page.url.replace("/en/lstm", "/ko/gru"))
    assert page.evaluate(ticks) == [["lstm", "끝까지 읽음"]]


def test_without_storage_no_tick_and_no_fault(visit):
    page = visit("404.html")
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.add_init_script("Storage.prototype.getItem = (name) => { if (name === 'read') throw new Error('off'); }")
    page.goto(page.url.replace("404.html", "en/lstm.html"))
    page.keyboard.press("End")
    page.wait_for_timeout(300)
    assert said == [] and not page.locator(".sidebar-tree [data-read]").count()


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900)])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_landing_page_asks_shows_and_then_leads_on(visit, language, width, height):
    """The lab begins high in the first screen, and what leads on stands behind it."""
    page = visit(f"{language}/index.html", width, height)
    parts = [
        page.locator(f"article {part}").first.bounding_box()["y"]
        for part in ("h1", ".lead", ".live", ".ways-in", ".proof")
    ]
    assert parts == sorted(parts) and parts[2] < height / 2


def test_the_landing_page_leads_back_to_where_a_chapter_was_left(visit):
    page = visit("en/index.html")
    way = page.locator(".ways-in a").nth(2)
    assert way.count() == 0
    page.goto(page.url.replace("index.html", "lstm.html#output-gate"))
    wait_until(page, "document.querySelector('.toc-tree [aria-current]')?.hash === '#output-gate'")
    page.goto(page.url.replace("lstm.html#output-gate", "index.html"))
    assert way.inner_text() == "Continue: 3 LSTM · Output gate"
    page.goto(page.url.replace("/en/", "/ko/"))
    assert way.inner_text() == "이어서 읽기: 3 LSTM"  # the section's name was another one
    way.click()
    page.wait_for_url("**/ko/lstm.html#output-gate")
    page.evaluate("localStorage.setItem('place', '[')")
    page.goto(page.url.replace("lstm.html#output-gate", "index.html"))
    page.evaluate("localStorage.setItem('place', 'no place')")
    page.reload()
    assert way.count() == 0


# -- the clipboard ----------------------------------------------------------------------------------------------------

SELECT = """(selector) => {
  const part = typeof selector === "string" ? document.querySelector(selector) : selector;
  getSelection().selectAllChildren(part);
}"""


def copy(page, select: str) -> str:
    page.evaluate(select)
    page.keyboard.press("Control+c")
    page.wait_for_timeout(100)
    return page.evaluate("navigator.clipboard.readText()")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_formula_is_copied_once_and_nothing_that_is_not_seen(visit, language):
    page = visit(f"{language}/lstm.html", permissions=["clipboard-read", "clipboard-write"])
    with_formula = "[...document.querySelectorAll('article p')].filter((p) => p.querySelector('.katex'))"
    texts = page.evaluate(
        f"{with_formula}.map((p) => [...p.querySelectorAll('annotation')].map((tex) => tex.textContent.trim()))"
    )
    assert len(texts) > 5
    for number, formulas in list(enumerate(texts))[:6]:
        copied = copy(page, f"getSelection().selectAllChildren({with_formula}[{number}])")
        assert [part.strip() for part in copied.split("$")[1::2]] == formulas
        assert not set(copied) & set("\u2060\u200b\n"), copied
        html = page.evaluate("async () => (await (await navigator.clipboard.read())[0].getType('text/html')).text()")
        assert "katex" not in html and "\u2060" not in html and formulas[0] in html.replace("&amp;", "&")


def test_several_blocks_are_copied_as_they_stand(visit):
    page = visit("ko/lstm.html", permissions=["clipboard-read", "clipboard-write"])
    copied = copy(page, "getSelection().selectAllChildren(document.querySelector('#forget-gate'))")
    lines = copied.splitlines()
    assert lines[0].strip() == "망각 게이트"
    code = page.locator("#forget-gate .cell_input pre").first.evaluate("(pre) => pre.textContent")
    assert code.rstrip() in copied, "code keeps its lines"
    assert "$$" in copied or "$" in copied
    assert not {"복사", "#"} & {line.strip() for line in lines}, "what can be pressed is no text"
    assert page.locator("article > div").count() == 0, "nothing is left behind"


def test_a_selection_that_begins_in_a_formula_has_the_whole_formula(visit):
    page = visit("en/lstm.html", permissions=["clipboard-read", "clipboard-write"])
    copied = copy(
        page,
        """() => {
          const formula = document.querySelector("article p .katex-html"), range = document.createRange();
          range.setStart(document.createTreeWalker(formula, NodeFilter.SHOW_TEXT).nextNode(), 0);
          range.setEndAfter(formula.closest("p").lastChild);
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }""",
    )
    tex = page.evaluate("document.querySelector('article p .katex annotation').textContent")
    assert copied.startswith(f"${tex}$")


def test_code_alone_is_copied_by_the_browser(visit):
    page = visit("ko/lstm.html", permissions=["clipboard-read", "clipboard-write"])
    code = page.evaluate("document.querySelector('.cell > .cell_input pre').textContent")
    assert (
        copy(page, "getSelection().selectAllChildren(document.querySelector('.cell > .cell_input pre'))").rstrip()
        == code.rstrip()
    )


# -- the theme --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["ko", "en"])
def test_what_the_book_sets_of_the_theme_has_its_effect(visit, site, language, scheme):
    """A property that furo sets on body has to be set there."""
    page = visit(f"{language}/lstm.html", color_scheme=scheme)
    fonts = "(part) => getComputedStyle(document.querySelector(part)).fontFamily"
    assert page.evaluate(fonts, "article p").startswith('"Book Sans"') and "Apple SD Gothic Neo" in page.evaluate(
        fonts, "p"
    )
    for part in ("article pre", "article code"):
        assert page.evaluate(fonts, part).startswith("ui-monospace") and "D2Coding" in page.evaluate(fonts, part)
    declared = page.evaluate("""async () => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(await (await fetch("_static/book.css")).text());
      const found = [...sheet.cssRules].filter((rule) => /^(:root|html|body)$/.test(rule.selectorText)).flatMap((rule) => [...rule.style].filter((name) =>
        name.startsWith("--")).map((name) => [rule.selectorText, name, rule.style.getPropertyValue(name).trim()]));
      const text = document.querySelector("article p");
      return found.filter(([, name, value]) => getComputedStyle(text).getPropertyValue(name).trim() !== value);
    }""")
    assert declared == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_links_are_underlined_so_that_one_sees_it(visit, scheme):
    page = visit("en/lstm.html", color_scheme=scheme)
    contrast = page.evaluate("""() => {
      const link = document.querySelector("article p:not(.page-row) a"), canvas = document.createElement("canvas");
      const paint = canvas.getContext("2d", { willReadFrequently: true });
      const light = (...colours) => {
        for (const colour of colours) { paint.fillStyle = colour; paint.fillRect(0, 0, 1, 1); }
        const [r, g, b] = [...paint.getImageData(0, 0, 1, 1).data].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92
          : ((c / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
      };
      const ground = getComputedStyle(document.body).backgroundColor, style = getComputedStyle(link);
      if (style.textDecorationLine !== "underline") return 0;
      const [one, other] = [light(ground), light(ground, style.textDecorationColor)];
      return Math.max(one, other) / Math.min(one, other);
    }""")
    assert contrast >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_name_in_code_is_underlined_like_a_link(visit, scheme):
    page = visit("en/models.html", color_scheme=scheme)
    underlined = """(names) => {
      const block = document.querySelector("article .cell_input pre");
      for (const name of names) block.insertAdjacentHTML("beforeend", `<span class="${name}">x</span>`);
      return [...document.querySelectorAll("article .highlight span")].filter((part) =>
        getComputedStyle(part).textDecorationLine !== "none").map((part) => part.outerHTML.slice(0, 60));
    }"""
    assert page.evaluate(underlined, ["nc", "nn", "nf", "fm", "vc", "n", "nd", "ne", "gs", "ge", "gh"]) == []


def test_the_ring_of_the_focus_is_whole_in_the_sidebar(visit):
    page = visit("en/lstm.html")
    page.locator(".sidebar-tree a").nth(1).focus()
    page.keyboard.press("Tab")
    inside = """() => {
      const link = document.activeElement, box = link.getBoundingClientRect(), out = parseFloat(getComputedStyle(link).outlineOffset);
      const frame = link.closest(".sidebar-scroll").getBoundingClientRect(), reach = out + 2;
      return getComputedStyle(link).outlineStyle !== "none" && box.left - reach >= frame.left && box.right + reach <= frame.right;
    }"""
    for _ in range(4):
        assert page.evaluate(inside)
        page.keyboard.press("Tab")


# -- translators ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [path.stem for path in CHAPTERS])
def test_code_and_formulas_are_left_alone_by_translators(site, name):
    for language in ("ko", "en"):
        page = LexborHTMLParser((site / language / f"{name}.html").read_text("utf-8"))
        assert all(part.attributes.get("translate") == "no" for part in page.css(".katex"))
        assert page.css("code")
        for part in page.css('.notranslate, [translate="no"]'):
            part.decompose()
        assert [part.html[:200] for part in page.css("code, pre, kbd, samp, .katex")] == [], language
