"""live/run/: code cells that run in the page."""

from __future__ import annotations

import json
import re

import pytest
from nbformat.v4 import new_output

from builder.chapters.comparison import differs
from cut import serve_cut
from readable import hindrances
from support import LANGUAGES, ROOT, unfold
from ways_out import WAYS_OUT

WORDS = {code: json.loads((ROOT / f"live/run/words.{code}.json").read_text("utf-8")) for code in LANGUAGES}
EN = WORDS["en"]

UNANSWERED = "Replace ... with your answer."  # which an exercise prints, and its page leaves out


class Lesson:
    """A chapter in a browser, whose cells are run one after the other."""

    def __init__(self, page, words=EN):
        self.page, self.words = page, words
        self.data = json.loads(page.locator("#run-data").text_content())
        self.cells = page.locator("article div.cell")
        unfold(page)

    def cell(self, text: str):
        """The first cell that holds a text now, whatever it will hold."""
        return self.cells.nth(next(n for n, found in enumerate(self.cells.all_text_contents()) if text in found))

    def number(self, outcome: str, exercise: int = 0) -> int:
        return self.data["cells"].index([outcome, exercise])

    def press(self, cell, name: str) -> None:
        cell.get_by_role("button", name=self.words[name], exact=True).click()

    def wait(self, cell) -> str:
        """Wait until a cell is done; return what is said of it."""
        cell.locator(".run-panel:not(.run-busy)").wait_for(timeout=180_000)
        return cell.locator(".run-state").text_content()

    def run(self, cell) -> str:
        self.press(cell, "run")
        return self.wait(cell)

    def type(self, cell, source: str) -> None:
        if cell.locator("textarea").count() == 0:
            self.press(cell, "edit")
        cell.locator("textarea").fill(source)

    def printed(self, cell) -> str:
        return cell.locator(".run-panel > pre").text_content()

    def recorded(self, cell) -> str:
        return "".join(cell.locator(".cell_output .stream pre").all_text_contents())


@pytest.fixture(scope="module", params=LANGUAGES)
def lesson(browser, address, python_bundle, request):
    """The chapter on LSTM; its Python is started once for all tests that share it."""
    page = browser.new_page()
    page.said = []
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.asked = []
    page.on("request", lambda request: page.asked.append(request.url))
    page.goto(f"{address}{request.param}/lstm.html")
    page.locator(".run-run").first.wait_for(state="attached")
    yield Lesson(page, WORDS[request.param])
    page.close()


def test_the_buttons_wait_for_their_style_sheet(browser, address, python_bundle):
    """Without it they would take room, and give it back."""
    held = []
    with browser.new_page() as page:
        page.route("**/run/run.css*", lambda route: held.append(route))
        page.goto(f"{address}en/gru.html", wait_until="domcontentloaded")
        page.locator("article .cell_input:visible").first.scroll_into_view_if_needed()
        page.locator(".copy").first.wait_for(state="attached")
        page.wait_for_timeout(500)
        assert held and page.locator(".run-tools").count() == 0
        held[0].continue_()
        page.locator(".run-run").first.wait_for(state="attached")


@pytest.fixture
def spare(lesson):
    """A cell in the middle of the chapter, as the book has it before and after."""
    cell = lesson.cell("def sigmoid(a)")
    yield cell
    for name in ("back_code", "back_output"):
        button = cell.get_by_role("button", name=lesson.words[name])
        if button.count():
            button.click()


def test_nothing_of_python_is_loaded_before_the_first_press(lesson):
    assert [url for url in lesson.page.asked if re.search(r"/python/|worker|session", url)] == []


def test_a_cell_prints_what_is_recorded_after_those_above_it(lesson, spare):
    recorded = lesson.recorded(spare)
    assert lesson.run(spare) == lesson.words["new"]
    assert lesson.printed(spare) == recorded.rstrip("\n")
    assert spare.locator(".cell_output").is_hidden()
    assert lesson.page.locator(".run-heard").text_content().startswith(lesson.words["done"])
    lesson.press(spare, "back_output")
    assert spare.locator(".cell_output").is_visible() and spare.locator(".run-panel").count() == 0


def test_a_changed_cell_says_so_and_goes_back(lesson, spare):
    book = spare.locator(".cell_input pre").text_content()
    lesson.type(spare, "print('mine', x.shape)")
    assert lesson.run(spare) == f"{lesson.words['new']} · {lesson.words['changed']}"
    assert lesson.printed(spare) == "mine (1, 4, 5)"
    lesson.press(spare, "back_code")
    assert spare.locator("textarea").input_value() == book.rstrip("\n")


@pytest.mark.parametrize(
    ("source", "said", "values"),
    [
        ("x = 1\nif x\n    y", "error", {"line": 2, "error": "SyntaxError: expected ':'"}),
        ("def f():\n    return 1 / 0\nf()", "error", {"line": 3, "error": "ZeroDivisionError: division by zero"}),
        ("np.ones(10_000_000_000 // 8)", "memory", {"line": 1}),
        ("x = 1\nbytes(10**10)", "memory", {"line": 2}),
        (
            "model = keras.Sequential([keras.layers.Dense(1)])\nmodel.compile('sgd', 'mse')\nmodel.fit(x, x)",
            "training",
            {},
        ),
        ("import tensorflow as tf\ntf.constant(1)", "absent", {}),
    ],
)
def test_an_error_is_a_sentence_and_the_page_goes_on(lesson, spare, source, said, values):
    lesson.type(spare, source)
    assert lesson.run(spare) == lesson.words[said].format(**values)
    lesson.type(spare, "print(1)")
    assert lesson.run(spare).startswith(lesson.words["new"])


def test_the_keyboard_runs_indents_and_leaves(lesson, spare):
    page = lesson.page
    lesson.type(spare, "")
    page.keyboard.type("for i in range(2):")
    page.keyboard.press("Enter")
    page.keyboard.type("print(i)")
    page.keyboard.press("Shift+Enter")
    assert lesson.wait(spare).startswith(lesson.words["new"]) and lesson.printed(spare) == "0\n1"
    editor = spare.locator("textarea")
    editor.focus()
    page.keyboard.press("Tab")
    assert editor.input_value() == "for i in range(2):\n    print(i)    "
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert not editor.evaluate("(editor) => editor === document.activeElement")


def test_an_exercise_is_solved_in_the_page(lesson):
    cell = lesson.cell("answer = ...  # one whole number")
    book = cell.locator(".cell_input pre").text_content()
    lesson.press(cell, "edit")
    assert cell.locator("textarea").evaluate("(e) => e.value.slice(e.selectionStart, e.selectionEnd)") == "..."
    lesson.page.keyboard.type("1")
    assert "Not yet: four sets" in lesson.run(cell)
    cell.locator("textarea").fill(book.replace("...", str(4 * 16 * (10 + 16 + 1)), 1))
    lesson.run(cell)
    assert lesson.printed(cell) == "Correct!"


def test_a_change_that_the_text_suggests_is_put_into_its_cell(lesson):
    cell, change = lesson.cell("f, i = [1, 1, 0, 1]"), "f, i = [0.5] * 4, [0] * 4"
    put = lesson.page.get_by_role("button", name=lesson.words["put"].format(name="f, i"))
    put.click()
    editor = cell.locator("textarea")
    assert editor.input_value().splitlines()[:3] == ["h = c = 0.9", change, "g = [0.5, 0.5, -0.4, 0.5]"]
    assert editor.evaluate("(e) => e.value.slice(e.selectionStart, e.selectionEnd)") == change
    lesson.page.keyboard.press("Shift+Enter")
    lesson.wait(cell)
    assert lesson.printed(cell).endswith("c=0.0563")
    # once more, when the reader has taken the line away
    editor.fill("print(1)")
    put.click()
    assert change in editor.input_value()
    lesson.press(cell, "back_code")
    lesson.press(cell, "back_output")


def test_a_loop_without_end_is_stopped_and_the_next_run_starts_anew(lesson, spare):
    lesson.type(spare, "while True: print('again')")
    lesson.press(spare, "run")
    spare.locator(".run-panel > pre", has_text="again").wait_for(timeout=180_000)
    assert lesson.page.evaluate("1 + 1") == 2  # the page itself goes on
    lesson.press(spare, "stop")
    assert lesson.wait(spare) == lesson.words["stopped"]
    lesson.type(spare, "print(x.shape)")
    lesson.run(spare)
    assert lesson.printed(spare) == "(1, 4, 5)"


def test_of_a_million_lines_the_first_are_shown(lesson, spare):
    lesson.type(spare, "for number in range(1_000_000): print(number)")
    assert lesson.run(spare).startswith(lesson.words["new"])
    assert lesson.printed(spare).startswith("0\n1\n2\n") and len(lesson.printed(spare)) <= 100_000
    assert spare.locator(".run-notes").text_content() == lesson.words["dropped"].format(count="6,788,890")


@pytest.mark.parametrize("source", WAYS_OUT.values(), ids=WAYS_OUT)
def test_python_finds_no_way_out_of_the_page(lesson, spare, source):
    before = len(lesson.page.asked)
    lesson.type(spare, f"{source}\nprint('out')")
    lesson.run(spare)
    assert spare.locator(".run-error").count() == 1 and "out" not in lesson.printed(spare), lesson.printed(spare)
    own = lesson.page.url.rsplit("/", 2)[0]
    assert [url for url in lesson.page.asked[before:] if not url.startswith(own)] == []


def test_the_browser_had_nothing_to_complain_of(lesson):
    assert lesson.page.said == []


# -- other pages ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_cell_that_trains_says_so_beforehand_and_runs_when_changed(browser, address, python_bundle, language):
    page = browser.new_page()
    page.goto(f"{address}{language}/long_term.html")
    page.locator(".run-run").first.wait_for(state="attached")
    lesson = Lesson(page, WORDS[language])
    cell = lesson.cells.nth(lesson.number("training"))
    assert cell.locator(".run-line").text_content().startswith(lesson.words["beforehand"]["training"])
    assert cell.get_by_role("link", name=lesson.words["download"]).get_attribute("href") == "notebooks/long_term.ipynb"
    run = cell.get_by_role("button", name=lesson.words["run"], exact=True)
    assert run.count() == 0
    lesson.type(cell, "print(1)")
    assert lesson.run(cell) == f"{lesson.words['new']} · {lesson.words['changed']}"
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_of_a_cell_that_trains_is_there_to_be_copied(browser, address, python_bundle, language):
    page = browser.new_page()
    page.goto(f"{address}{language}/long_term.html")
    page.locator(".run-run").first.wait_for(state="attached")
    lesson = Lesson(page, WORDS[language])
    cell = lesson.cell("sgd = keras.optimizers.SGD(0.1, clipnorm=clipnorm)")
    change = "sgd = keras.optimizers.SGD(0.005, clipnorm=clipnorm)"
    page.get_by_role("button", name=lesson.words["put"].format(name="sgd")).click()
    assert f"\n    {change}\n" in cell.locator("textarea").input_value()
    assert cell.locator(".run-state").text_content() == lesson.words["copy"]
    page.close()


@pytest.fixture
def first(browser, address, python_bundle):
    """Opens a page, with a script before its own or at another address; gives its lesson and its first cell."""
    contexts = []

    def first(before="", within=address, language="en"):
        contexts.append(browser.new_context())
        page = contexts[-1].new_page()
        page.said = []
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.add_init_script(before)
        page.goto(f"{within}{language}/index.html")
        page.locator(".run-run").first.wait_for(state="attached")
        lesson = Lesson(page, WORDS[language])
        return lesson, lesson.cells.first

    yield first
    for context in contexts:
        context.close()


def hold_back(context, address: str) -> list:
    """Keep what is asked for at an address, in the list that is returned."""
    held = []
    context.route(address, lambda route: held.append(route))
    return held


def test_a_run_is_stopped_before_python_is_there(first):
    """While the program, the worker, the packages or what starts Python are coming."""
    lesson, cell = first()
    for file in ("session.js", "worker.js", "packages.tar.gz", "pyodide.asm.js"):
        held = hold_back(lesson.page.context, f"**/{file}*")
        lesson.press(cell, "run")
        while not held:
            lesson.page.wait_for_timeout(50)
        lesson.press(cell, "stop")
        if file == "session.js":
            held[0].continue_()
        assert lesson.wait(cell) == EN["stopped"], file
        lesson.page.context.unroute(f"**/{file}*")
    assert lesson.run(cell) in (EN["new"], EN["nothing"])


def test_a_run_is_stopped_while_the_cells_above_it_run(first):
    lesson, above = first()
    cell = lesson.cells.nth(1)
    lesson.type(above, "while True: pass")
    lesson.press(cell, "run")
    cell.locator(".run-state", has_text=EN["setup"].format(done=1, all=1)).wait_for(timeout=180_000)
    lesson.press(cell, "stop")
    assert lesson.wait(cell) == EN["stopped"]
    lesson.press(above, "back_code")
    assert lesson.run(cell) == EN["new"]
    assert lesson.printed(cell) == lesson.recorded(cell).rstrip("\n")


def test_a_download_that_breaks_off_is_taken_up_again(first, site):
    with serve_cut(site) as (address, cut):
        lesson, cell = first(within=address)
        for name in ("packages.tar.gz", "pyodide.mjs", "pyodide.asm.js"):
            cut.add(name)
            assert lesson.run(cell) == EN["network"], name
            cut.clear()
        assert lesson.run(cell) in (EN["new"], EN["nothing"])


# What a browser says of its storage when its reader has switched it off, or it is broken.
STORAGE = ("localStorage", "sessionStorage", "indexedDB", "caches")
OFF = {
    "throws": "Object.defineProperty(self, name, { configurable: true, get() { throw new DOMException('off', 'SecurityError') } })",
    "absent": "Object.defineProperty(self, name, { configurable: true, value: undefined })",
    "broken": """if (name === 'caches')
        for (const one of ['match', 'put']) Cache.prototype[one] = () => Promise.reject(new Error('broken'))""",
}


@pytest.mark.parametrize(
    "off", [pytest.param(off, id=how, marks=[pytest.mark.prove] * (how != "throws")) for how, off in OFF.items()]
)
def test_cells_run_where_nothing_can_be_kept(first, off):
    program = f"for (const name of {json.dumps(STORAGE)}) {{ {off} }}\n"

    def prepend(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=program + answer.text())

    lesson, cell = first(program)
    asked = []
    lesson.page.context.on("request", lambda request: asked.append(request.url))
    lesson.page.context.route("**/worker.js*", prepend)
    assert lesson.run(cell) in (EN["new"], EN["nothing"])
    assert any("/packages.tar" in url for url in asked)
    lesson.page.locator(".theme-toggle").locator("visible=true").first.click()
    assert lesson.page.locator("body").get_attribute("data-theme") in ("light", "dark")
    assert lesson.page.said == []  # the theme's own scripts do not stumble either


@pytest.mark.parametrize("width", [360, 1440])
def test_an_open_editor_fits_and_hinders_nobody(browser, address, python_bundle, width):
    with browser.new_context(viewport={"width": width, "height": 800}, has_touch=width < 500) as context:
        page = context.new_page()
        page.goto(f"{address}ko/long_term.html")
        page.locator(".run-run").first.wait_for(state="attached")
        lesson = Lesson(page, WORDS["ko"])
        cell = lesson.cells.nth(lesson.number("same"))
        colour = "(span) => getComputedStyle(span).color"
        wanted = cell.locator("pre .nb").first.evaluate(colour)
        lesson.type(cell, "print(" + "'가', " * 60 + ")\n")
        assert cell.locator(".run-colours .nb").first.evaluate(colour) == wanted
        heights = cell.locator("textarea").evaluate(
            "(e) => [e.scrollHeight, e.clientHeight, e.nextSibling.clientHeight]"
        )
        assert len(set(heights)) == 1, f"what is typed and what is seen are broken otherwise: {heights}"
        lesson.cells.nth(lesson.number("training")).scroll_into_view_if_needed()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert hindrances(page) == []


# How browsers of former years differ; `type` is what they do not know of a worker.
OLD = {
    "no DecompressionStream": "delete window.DecompressionStream",
    "no WebAssembly": "delete window.WebAssembly",
    "workers without modules": "const Modern = Worker; window.Worker = function (url) { return new Modern(url) }",
    "modules refused": "window.Worker = function () { throw new TypeError('Module scripts are not supported') }",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("before", OLD.values(), ids=OLD)
def test_a_browser_without_what_python_needs_is_told_so(first, before, language):
    lesson, cell = first(before, language=language)
    assert lesson.run(cell) == lesson.words["old"]
    assert cell.get_by_role("link", name=lesson.words["download"]).is_visible()
    assert cell.get_by_role("link", name=lesson.words["colab"]).count() == 0  # of this site no address is known
    assert lesson.page.said == []


def test_a_cell_that_failed_offers_colab_where_its_address_is_known(browser, address, python_bundle):
    known = "https://colab.research.google.com/github/owner/book/blob/gh-pages/en/notebooks/index.ipynb"

    def publish(route):
        answer = route.fetch()
        assert answer.text().count('"colab":""') == 1
        route.fulfill(response=answer, body=answer.text().replace('"colab":""', f'"colab":"{known}"'))

    page = browser.new_page()
    page.add_init_script(OLD["no WebAssembly"])
    page.route("**/index.html", publish)
    page.goto(f"{address}en/index.html")
    page.locator(".run-run").first.wait_for(state="attached")
    cell = Lesson(page).cells.first
    assert Lesson(page).run(cell) == EN["old"]
    assert cell.get_by_role("link", name=EN["colab"]).get_attribute("href") == known
    page.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_worker_that_does_not_come_is_told_from_an_old_browser(first, language):
    lesson, cell = first(language=language)
    worker = "**/worker.js*"
    lesson.page.context.route(worker, lambda route: route.abort())
    assert lesson.run(cell) == lesson.words["network"]
    lesson.page.context.unroute(worker)
    lesson.page.context.route(worker, lambda route: route.fulfill(status=404))
    assert lesson.run(cell) == lesson.words["server"].replace("{error}", "404 worker.js")


@pytest.mark.prove
@pytest.mark.parametrize("language", LANGUAGES)
def test_all_cells_of_a_chapter_print_what_is_recorded(browser, address, python_bundle, language):
    page = browser.new_page()
    page.goto(f"{address}{language}/lstm.html")
    page.locator(".run-run").first.wait_for(state="attached")
    lesson = Lesson(page, WORDS[language])
    ran = drawn = 0
    for number, (outcome, exercise) in enumerate(lesson.data["cells"]):
        cell = lesson.cells.nth(number)
        if not cell.is_visible():
            continue  # the key of a choice question, which prints nothing
        recorded = UNANSWERED if exercise else lesson.recorded(cell).rstrip("\n")
        lesson.run(cell)
        assert cell.locator(".run-error").count() == 0, cell.locator(".run-state").text_content()
        if outcome == "same":
            ran += 1
            assert lesson.printed(cell) == recorded, number
        if outcome == "near":  # but for the last digits
            outputs = [new_output("stream", text=text) for text in (recorded, lesson.printed(cell))]
            assert not differs(*([output] for output in outputs)), number
        if outcome == "draws":
            drawn += 1
            assert cell.locator(".run-line").text_content() == lesson.words["beforehand"]["draws"]
            assert cell.locator(".cell_output img").is_visible()
    assert ran == lesson.data["cells"].count(["same", 0]) + lesson.data["cells"].count(["same", 1])
    assert drawn == lesson.data["cells"].count(["draws", 0]) > 0
    page.close()
