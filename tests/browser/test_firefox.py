"""live/run/ in Firefox: the other browser in which the cells of a chapter have to run."""

from __future__ import annotations

import json

import pytest
from nbformat.v4 import new_output

from builder.chapters.comparison import differs
from cut import serve_cut
from firefox import browse_with_firefox
from support import LANGUAGES, ROOT
from ways_out import WAYS_OUT

# What is recorded at a cell, and what it says and prints when its button has been pressed.
RUN = """(async () => {
  const cell = document.querySelectorAll("article div.cell")[%d];
  const texts = (selector) => [...cell.querySelectorAll(selector)].map((found) => found.textContent).join("");
  const button = cell.querySelector(".run-run");
  for (const fold of cell.querySelectorAll("details")) fold.open = true;
  if (!button.checkVisibility()) return null;
  const recorded = texts(".cell_output .stream pre") || (cell.matches(".tag_exercise") ? "Replace ... with your answer." : "");
  button.click();
  %s
  while (!cell.querySelector(".run-panel:not(.run-busy)")) await new Promise((done) => setTimeout(done, 20));
  const panel = cell.querySelector(".run-panel");
  return { recorded, said: texts(".run-state"), printed: texts(".run-panel > pre"), error: panel.matches(".run-error") };
})()"""


# A cell is changed before it is run, or stopped while it runs.
CHANGE = """(() => {
  const cell = document.querySelectorAll("article div.cell")[%d];
  if (!cell.querySelector("textarea")) cell.querySelectorAll(".run-tools button")[1].click();
  const editor = cell.querySelector("textarea");
  editor.value = %s;
  editor.dispatchEvent(new Event("input"));
})()"""
STOP = """while (!cell.querySelector(".run-panel > pre").textContent) await new Promise((done) => setTimeout(done, 20));
  cell.querySelector(".run-stop").click();"""


WORDS = {code: json.loads((ROOT / f"live/run/words.{code}.json").read_text("utf-8")) for code in LANGUAGES}


pytestmark = pytest.mark.prove


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    with browse_with_firefox(tmp_path_factory.mktemp("profile")) as page:
        yield page


def run(page, number: int, source: str | None = None, meanwhile: str = "") -> dict | None:
    """Press the button of a cell, with another source if there is one; None for a cell that is not shown."""
    if source is not None:
        page.evaluate(CHANGE % (number, json.dumps(source)))
    return page.evaluate(RUN % (number, meanwhile))


def wait(page, condition: str) -> None:
    """Wait until an expression is true in a page."""
    page.evaluate(f"(async () => {{ while (!({condition})) await new Promise((done) => setTimeout(done, 20)); }})()")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_keyboard_of_firefox_runs_edits_stops_and_goes_back(page, address, python_bundle, language):
    """From button to button with Tab, and no mouse."""
    words = WORDS[language]
    page.goto(f"{address}{language}/index.html")
    wait(page, "document.querySelector('.run-run')")
    cell = "document.querySelector('article div.cell')"
    focused = "document.activeElement.textContent"
    done = f"{cell}.querySelector('.run-panel:not(.run-busy)')"
    printed = f"{cell}.querySelector('.run-panel > pre').textContent"

    def tab_to(name: str) -> None:
        for _ in range(10):
            page.press("Tab")
            if page.evaluate(focused) == words[name]:
                return
        raise AssertionError(f"Tab does not lead to {words[name]}.")

    assert page.evaluate(f"({cell}.querySelector('.run-run').focus(), document.hasFocus())")
    page.press("Enter")
    wait(page, f"{cell}.querySelector('.run-stop') && {focused} === {json.dumps(words['stop'])}")
    wait(page, done)
    recorded = page.evaluate(f"{cell}.querySelector('.cell_output .stream pre').textContent")
    assert page.evaluate(printed) == recorded.rstrip("\n")
    assert page.evaluate(focused) == words["run"]
    page.press("Tab")
    assert page.evaluate(focused) == words["edit"]
    page.press("Enter")
    editor = f"{cell}.querySelector('textarea')"
    wait(page, f"document.activeElement === {editor}")
    page.evaluate(f"{editor}.select()")
    page.press(*"while 1:", "Enter", *"print(2)", "Shift+Enter")
    assert page.evaluate(f"{editor}.value") == "while 1:\n    print(2)"
    wait(page, f"{printed}.startsWith('2')")
    page.press("Escape")
    tab_to("stop")
    page.press("Enter")
    wait(page, done)
    assert page.evaluate(f"{cell}.querySelector('.run-state').textContent") == words["stopped"]
    assert page.evaluate(focused) == words["run"]
    tab_to("back_output")
    page.press("Enter")
    assert page.evaluate(
        f"{cell}.querySelector('.cell_output').checkVisibility() && !{cell}.querySelector('.run-panel')"
    )
    tab_to("back_code")
    page.press("Enter")
    assert page.evaluate(f"{editor}.value !== 'while 1:\\n    print(2)' && document.activeElement === {editor}")
    page.press("Shift+Enter")
    wait(page, f"{done} && {printed}")
    assert page.evaluate(printed) == recorded.rstrip("\n")


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_cells_of_a_chapter_print_in_firefox_what_is_recorded(page, address, python_bundle, language):
    known = json.loads((ROOT / "live/run/cells.json").read_text("utf-8"))["lstm"]
    page.goto(f"{address}{language}/lstm.html")
    compared = 0
    for number, outcome in enumerate(known.values()):
        ran = run(page, number)
        if ran is None:
            continue  # the key of a choice question, which prints nothing
        assert not ran["error"], (number, ran)
        if outcome == "same":
            compared += 1
            assert ran["printed"] == ran["recorded"].rstrip("\n"), number
        elif outcome == "near":
            assert not differs(*([new_output("stream", text=ran[name])] for name in ("recorded", "printed"))), number
    assert compared == list(known.values()).count("same") > 0


def test_python_finds_no_way_out_of_a_page_of_firefox(page, address, python_bundle):
    page.goto(f"{address}en/lstm.html")
    run(page, 0)
    before = len(page.asked)
    assert before  # they are heard at all
    for name, source in WAYS_OUT.items():
        ran = run(page, 0, f"{source}\nprint('out')")
        assert ran["error"] and "out" not in ran["printed"], (name, ran)
    assert [url for url in page.asked[before:] if not url.startswith(address)] == []


def test_firefox_stops_a_loop_without_end_and_starts_anew(page, address, python_bundle):
    page.goto(f"{address}en/lstm.html")
    assert run(page, 0, "while True: print('again')", STOP)["said"] == WORDS["en"]["stopped"]
    assert run(page, 0, "print(1)")["printed"] == "1"


@pytest.mark.parametrize("language", LANGUAGES)
def test_firefox_fails_and_goes_back_to_what_is_recorded(page, address, python_bundle, language):
    words, known = WORDS[language], json.loads((ROOT / "live/run/cells.json").read_text("utf-8"))["lstm"]
    number = list(known.values()).index("same")
    press = """[...document.querySelectorAll("article div.cell")[%d].querySelectorAll(".run-tools button")]
        .find((button) => button.textContent === %s).click()"""
    seen = """[".cell_output", ".run-panel"].map((part) =>
        !!document.querySelectorAll("article div.cell")[%d].querySelector(part)?.checkVisibility())"""
    page.goto(f"{address}{language}/lstm.html")
    failed = run(page, number, "x = 1\nx +")
    assert failed["error"] and failed["said"] == words["error"].format(line=2, error="SyntaxError: invalid syntax")
    assert page.evaluate(seen % number) == [False, True]
    page.evaluate(press % (number, json.dumps(words["back_output"])))
    assert page.evaluate(seen % number) == [True, False]
    page.evaluate(press % (number, json.dumps(words["back_code"])))
    ran = run(page, number)
    assert ran["printed"] == ran["recorded"].rstrip("\n")


def test_a_download_that_breaks_off_in_firefox_is_taken_up_again(page, site, python_bundle):
    with serve_cut(site) as (address, cut):
        page.goto(f"{address}en/index.html")
        for name in ("packages.tar.gz", "pyodide.mjs", "pyodide.asm.js"):
            cut.add(name)
            assert run(page, 0)["said"] == WORDS["en"]["network"], name
            cut.clear()
        assert not run(page, 0)["error"]
