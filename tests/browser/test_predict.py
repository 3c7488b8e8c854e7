"""What the page asks: choice questions, shapes to guess."""

from __future__ import annotations

import json

import pytest

from readable import hindrances
from support import LANGUAGES, ROOT

EACH = pytest.mark.parametrize("language", LANGUAGES)
PHONE, DESKTOP = {"width": 360, "height": 800}, {"width": 1440, "height": 900}


def words(language: str) -> dict:
    return json.loads((ROOT / "live" / "predict" / f"words.{language}.json").read_text(encoding="utf-8"))


@pytest.fixture
def visit(browser, address):
    """Open a page in a context of its own; what the console says has to be nothing."""
    contexts, said = [], []

    def visit(path: str, before=None, **options):
        contexts.append(browser.new_context(**{"viewport": DESKTOP, **options}))
        contexts[-1].on("console", lambda message: said.append(message.text))
        contexts[-1].on("weberror", lambda error: said.append(str(error.error)))
        page = contexts[-1].new_page()
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        if before:
            page.add_init_script(before)
        page.goto(f"{address}{path}", wait_until="networkidle")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert said == []


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


def test_guessing_works_where_nothing_can_be_remembered(visit):
    off = "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }"
    page = visit("en/gru.html", before=off)
    page.locator(".predict-switch").click()
    page.locator(".ask button[type=button]").first.click()  # just show it
    assert page.locator(".ask.answered").count() == 1
