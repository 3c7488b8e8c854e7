"""What the page asks: choice questions, shapes to guess."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from readable import hindrances
from support import LANGUAGES, ROOT, unfold

EACH = pytest.mark.parametrize("language", LANGUAGES)
DATA = re.compile('class="answer" [^>]*data-exercise="([^"]+)"')
PHONE = {"width": 360, "height": 800}


def words(language: str) -> dict:
    return json.loads((ROOT / "live" / "predict" / f"words.{language}.json").read_text(encoding="utf-8"))


def wrong(language: str, hint: str) -> str:
    """What is said of a wrong answer whose hint in the cell is this one."""
    hints = ROOT / "live" / "predict" / f"hints.{language}.json"
    said = json.loads(hints.read_text(encoding="utf-8"))[hint] if hints.is_file() else hint
    return words(language)["answers"]["wrong"].format(hint=said)


def loaded(page) -> list[str]:
    return [url for url in page.asked if "/live/predict/" in url]


def test_nothing_is_loaded_before_it_is_near_view_or_switched_on(visit):
    page = visit("en/lstm.html")
    assert loaded(page) == []
    page.locator(".choice").first.scroll_into_view_if_needed()
    page.locator(".choice .choices button").first.wait_for()
    assert loaded(page) and not any("reveal" in url for url in loaded(page))
    page = visit("en/lstm.html")
    page.locator(".predict-switch").click()
    page.locator(".ask").first.wait_for(state="attached")
    assert any("reveal" in url for url in loaded(page)) and not any("choices" in url for url in loaded(page))


@EACH
def test_a_choice_is_answered_by_its_own_sentence(visit, language):
    page = visit(f"{language}/lstm.html", viewport=PHONE)
    question = page.locator('.choice[data-id="lstm.ask-output-gate"]')
    question.scroll_into_view_if_needed()
    first = question.locator(".choices button").first
    first.focus()
    page.keyboard.press("Enter")
    said = question.locator("[role=status]")
    assert said.text_content().startswith(words(language)["choices"]["wrong"])
    formulas = said.locator(":scope > .math")
    assert formulas.count() and all(
        one.evaluate("(it) => getComputedStyle(it).display") == "inline" for one in formulas.all()
    )
    assert first.get_attribute("aria-pressed") == "true" and "wrong" in first.get_attribute("class")
    question.locator(".choices button").nth(2).click()
    sentence = question.locator("details > ol > li").nth(2).text_content()
    assert said.text_content().strip() == sentence.strip()
    assert first.get_attribute("aria-pressed") == "false"
    assert not question.locator(".cell").is_visible()  # it would give the answer away
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert hindrances(page, ".choice") == []


def test_without_scripts_a_question_is_a_list_with_collapsed_answers(visit):
    page = visit("en/lstm.html", java_script_enabled=False)
    question = page.locator(".choice").first
    assert question.locator(":scope > ol > li").count() == 3
    assert question.locator("details > ol > li").count() == 3
    question.locator(".check > summary").click()
    assert question.locator(".cell").is_visible()
    assert not page.locator(".predict-switch").is_visible()
    assert page.locator(".answer").count() and not page.locator(".answer").first.is_visible()


def exercise(page, anchor: str):
    """The field, the button and what is said at an exercise, when its program is there."""
    place = page.locator(f"section[id^='{anchor}'] .answer")
    place.scroll_into_view_if_needed()
    place.locator("fieldset:not([disabled])").wait_for()
    return place.locator("input"), place.locator("button"), place.locator("[role=status]")


@EACH
@pytest.mark.parametrize("width", [360, 1440])
def test_an_exercise_is_answered_in_the_page(visit, language, width):
    page = visit(f"{language}/lstm.html", viewport={"width": width, "height": 800})
    height = "document.querySelector('.answer').offsetHeight"
    waiting = page.evaluate(height)
    field, button, said = exercise(page, "exercise-1-")
    right, unread = (words(language)["answers"][name] for name in ("right", "unread"))
    assert page.evaluate(height) == waiting > 0
    field.focus()
    page.keyboard.type("(1, 4, 7), (1, 7)")
    page.keyboard.press("Enter")
    assert said.text_content() == wrong(language, "which of the three keeps the time axis?")
    assert said.locator("[lang]").count() == 0 and field.get_attribute("aria-invalid") == "false"
    for nonsense in ("", "(1, 4", "print(y.shape)"):
        field.fill(nonsense)
        button.click()
        assert said.text_content() == unread.replace("`", "") and field.get_attribute("aria-invalid") == "true"
    field.fill("((1,4,7), (1, 7), [1, 7])")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert said.text_content() == right and field.input_value() == "((1,4,7), (1, 7), [1, 7])"
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    field, button, said = exercise(page, "exercise-2-")
    field.fill("4 * 16 * (10 + 16)")
    button.click()
    assert said.text_content() == wrong(language, "four sets, each with two kernels and a bias.")
    assert page.locator("section[id^='exercise-5-'] .answer").count() == 0  # it wants code
    assert not any("/python/" in name for name in page.asked)
    page.emulate_media(media="print")
    assert not page.locator(".answer").first.is_visible()
    page.emulate_media(media="screen")
    assert hindrances(page, ".answer") == []


def test_both_languages_answer_the_same_exercises(site):
    def offered(language: str) -> list[tuple]:
        found = []
        for page in sorted((site / language).glob("*.html")):
            text = page.read_text(encoding="utf-8")
            exercises = [json.loads(unescape(data)) for data in DATA.findall(text)]
            found += [(one["key"], [where for where, _ in one["hints"]], one.get("near")) for one in exercises]
            found.append((page.name, len(DATA.findall(text)), text.count('<details class="hint"')))
        return found

    first, *others = map(offered, LANGUAGES)
    assert sum(one[1] for one in first if isinstance(one[0], str)) >= 32 and all(first == other for other in others)


def test_what_was_answered_right_is_remembered_in_both_languages_until_forgotten(visit):
    page = visit("en/long_term.html")
    field, button, said = exercise(page, "exercise-1-")
    for guess, hint in (("30", "more than a thousandth is left."), ("70", "one step less would do.")):
        field.fill(guess)
        button.click()
        assert said.text_content() == wrong("en", hint)
    card = page.locator("section[id^='exercise-1-']")
    assert card.locator(".tick").count() == 0
    field.fill("66")
    button.click()
    assert card.locator(".tick").get_attribute("aria-label") == words("en")["answers"]["answered"]
    page.evaluate(
        "localStorage.answers = JSON.stringify({ ...JSON.parse(localStorage.answers), 'long_term.ex4-check': '3', nonsense: 7 })"
    )
    page = visit("ko/long_term.html", beside=page)
    field, *_ = exercise(page, "exercise-1-")
    assert field.input_value() == "66"
    assert page.locator(".tick").count() == 1  # what is not right, or not right any more, has none
    exercise(page, "exercise-4-")
    assert page.locator(".tick").count() == 1
    page = visit("ko/review.html", beside=page)
    page.locator("#review p > button").last.click()
    assert page.evaluate("localStorage.answers") is None
    page.evaluate("localStorage.answers = '['")
    page = visit("en/long_term.html", beside=page)
    field, *_ = exercise(page, "exercise-1-")
    assert field.input_value() == "" and page.locator(".tick").count() == 0


@EACH
def test_a_guess_is_compared_with_the_recorded_output(visit, language):
    page = visit(f"{language}/lstm.html", viewport=PHONE)
    output = page.locator(".cell_output", has_text="y  shape (1, 4, 3)").first
    assert output.is_visible()
    page.locator(".predict-switch").click()
    page.locator(".ask").first.wait_for(state="attached")
    form = page.locator(
        ".ask:has(+ .cell_output:has-text('y  shape (1, 4, 3)'))", has=page.locator("label", has_text="h")
    ).first
    output = form.locator("+ .cell_output")
    assert not output.is_visible()
    fields = form.locator("input")
    fields.first.fill("nonsense")
    page.keyboard.press("Enter")
    assert not output.is_visible() and page.evaluate("document.activeElement.tagName") == "INPUT"
    for number, guess in enumerate(("(1, 3)", "1, 3", "(3,)")):
        fields.nth(number).fill(guess)
    page.keyboard.press("Enter")
    assert output.is_visible()
    told = form.locator("[role=status] > span").all_text_contents()
    slips = words(language)["slips"]
    assert slips["last_only"].format(steps=4) in told[0] and "(1, 3) → (1, 4, 3)" in told[0]
    assert slips["right"] in told[1] and slips["batch"].format(first=1) in told[2]
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert hindrances(page, ".ask") == []
    page.emulate_media(media="print")
    assert all(one.is_visible() for one in page.locator(".cell_output").all()) and not form.is_visible()
    page.emulate_media(media="screen")
    page.reload()
    page.locator(".ask").first.wait_for(state="attached")  # it was remembered
    page.locator(".predict-switch").click()
    assert page.locator(".ask, .asked-for").count() == 0


@EACH
def test_a_cell_that_is_run_answers_its_own_question(visit, python_bundle, language):
    page = visit(f"{language}/lstm.html")
    run = json.loads((ROOT / f"live/run/words.{language}.json").read_text("utf-8"))
    unfold(page)
    cells = page.locator("article div.cell:has(.cell_output:has-text('y  shape (1, 4, 3)'))")
    cell, other = cells.nth(0), cells.nth(1)
    output, form = cell.locator(".cell_output"), cell.locator(".ask")
    page.locator(".predict-switch").click()
    form.wait_for()

    def press(name):
        cell.get_by_role("button", name=run[name], exact=True).click()
        cell.locator(".run-panel:not(.run-busy)").wait_for(timeout=180_000)

    # other code, and a mistake, leave the question open
    cell.get_by_role("button", name=run["edit"], exact=True).click()
    for source in ("1 / 0", "print('mine')"):
        cell.locator("textarea").fill(source)
        press("run")
        assert form.locator("fieldset").is_visible() and not output.is_visible()
    press("back_code")
    cell.get_by_role("button", name=run["back_output"], exact=True).click()
    assert form.locator("fieldset").is_visible() and not output.is_visible()
    # the book's own code answers it, and a guess that stands there is judged
    for number, guess in enumerate(("(1, 4, 3)", "(1, 3)", "(3,)")):
        form.locator("input").nth(number).fill(guess)
    press("run")
    assert "y  shape (1, 4, 3)" in cell.locator(".run-panel > pre").text_content()
    assert not form.locator("fieldset").is_visible() and form.locator("[role=status] > .right").count() == 2
    assert not output.is_visible()  # what was printed now stands in its place
    cell.get_by_role("button", name=run["back_output"], exact=True).click()
    assert output.is_visible()
    assert other.locator(".ask fieldset").is_visible() and not other.locator(".cell_output").is_visible()
    # and what has been run is not asked for again
    press("run")
    for _ in range(2):
        page.locator(".predict-switch").click()
    assert form.count() == 0 and other.locator(".ask").count() == 1


def test_a_guess_beside_changed_code_shows_what_is_recorded(visit, python_bundle):
    page = visit("en/lstm.html")
    unfold(page)
    cell = page.locator("article div.cell:has(.cell_output:has-text('y  shape (1, 4, 3)'))").first
    page.locator(".predict-switch").click()
    cell.get_by_role("button", name="Edit", exact=True).click()
    cell.locator("textarea").fill("print('mine')")
    page.keyboard.press("Shift+Enter")
    cell.locator(".run-panel:not(.run-busy) > pre:text('mine')").wait_for(timeout=180_000)
    cell.locator(".ask button[type=button]").click()  # just show it
    assert cell.locator(".cell_output").is_visible() and cell.locator(".run-panel > pre").is_visible()


def test_guessing_and_answering_work_where_nothing_can_be_remembered(visit, without_storage):
    page = visit("en/gru.html", before=without_storage)
    page.locator(".predict-switch").click()
    page.locator(".ask button[type=button]").first.click()  # just show it
    assert page.locator(".ask.answered").count() == 1
    field, button, said = exercise(page, "exercise-1-")
    field.fill("(1, 4, 7), (1, 7)")
    button.click()
    assert said.text_content() == words("en")["answers"]["right"] and page.locator(".tick").count() == 1
    page.reload()
    field, *_ = exercise(page, "exercise-1-")
    assert field.input_value() == "" and page.locator(".tick, .ask").count() == 0


@EACH
def test_fingers_guess_choose_and_answer(visit, language):
    page = visit(f"{language}/lstm.html", viewport=PHONE, has_touch=True)
    page.locator(".predict-switch").tap()
    form = page.locator(".ask:visible").first
    form.locator("input").first.tap()
    for field in form.locator("input").all():
        field.fill("(1, 3)")
    form.locator("button:not([type=button])").tap()
    assert form.locator("+ .cell_output").is_visible() and form.locator("[role=status] > span").count()
    question = page.locator('.choice[data-id="lstm.ask-output-gate"]')
    question.scroll_into_view_if_needed()
    choice = question.locator(".choices button").first
    choice.tap()
    assert choice.get_attribute("aria-pressed") == "true" and question.locator("[role=status]").text_content()
    field, button, said = exercise(page, "exercise-2-")
    field.tap()
    page.keyboard.type("1728")
    button.tap()
    assert said.text_content() == words(language)["answers"]["right"]
    hint = page.locator("section[id^='exercise-2-'] .hint")
    hint.locator("summary").tap()
    assert hint.locator("p").is_visible()
    for target in (choice, button, hint.locator("summary")):
        assert target.bounding_box()["height"] >= 24  # as WCAG 2.2 asks
