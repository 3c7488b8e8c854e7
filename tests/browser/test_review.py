"""The page of review cards: mixed, remembered in the reader's browser only, the same in both languages."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from readable import hindrances
from support import LANGUAGES, ROOT, settle


def words(language: str) -> dict:
    return json.loads((ROOT / "live" / "review" / f"words.{language}.json").read_text(encoding="utf-8"))


@pytest.fixture
def visit(visit):
    """Open the page; pages of one test share what the browser remembers."""
    opened = []

    def beside(language: str, before: str = "", **options):
        first = opened[0] if opened and not options else None
        opened.append(
            visit(f"{language}/review.html", before, first, viewport={"width": 360, "height": 800}, **options)
        )
        return opened[-1]

    return beside


def button(page, name: str):
    return page.locator("#review").get_by_role("button", name=name)


def shown(page) -> str:
    return page.locator("#review .card > div").get_attribute("data-id")


def answer(page, right: bool = True) -> str:
    """Answer the card that is shown, by keyboard; return its name."""
    name, card = shown(page), page.locator("#review .card > div")
    if "choice" in card.get_attribute("class"):
        key = int(card.get_attribute("data-key")) - 1
        card.locator(".choices button").nth(key if right else (key + 1) % 3).focus()
        page.keyboard.press("Enter")
    else:
        card.locator("summary").focus()
        page.keyboard.press("Enter")
        card.locator("details button").nth(0 if right else 1).click()
    return name


def test_cards_are_the_same_in_both_languages_and_stand_there_without_scripts(site):
    names = []
    for language in LANGUAGES:
        html = (site / language / "review.html").read_text(encoding="utf-8")
        names.append(re.findall(r'data-id="([^"]+)"', html))
    assert names[0] == names[1] and len(set(names[0])) == len(names[0])
    chapters = {name.split(".")[0] for name in names[0]}
    assert {"inputs", "lstm", "series", "glossary"} <= chapters
    assert html.count("<details") >= len(names[0])


def test_progress_is_kept_for_both_languages_and_can_be_forgotten(visit):
    page = visit("en")
    first = answer(page)
    assert page.locator("#review > .said").text_content() == words("en")["tomorrow"]
    button(page, words("en")["next"]).click()
    second = shown(page)
    assert first.split(".")[0] != second.split(".")[0]  # mixed over the chapters
    answer(page, right=False)
    today = page.evaluate(
        "Math.round(Date.UTC(new Date().getFullYear(), new Date().getMonth(), new Date().getDate()) / 864e5)"
    )
    assert json.loads(page.evaluate("localStorage.review")) == {first: [1, today + 1], second: [0, today + 1]}
    other = visit("ko")
    assert shown(other) not in (first, second)
    assert words("ko")["count"].split("{left}")[0] in other.locator(".count").text_content()
    button(other, words("ko")["forget"]).click()
    assert other.evaluate("localStorage.review") is None and shown(other) == first


def test_a_card_is_offered_again_on_its_day(visit):
    page = visit("en")
    name = answer(page)
    page.evaluate("(name) => { localStorage.review = JSON.stringify({ [name]: [3, 0] }); }", name)
    settle(page, page.reload)
    assert shown(page) == name  # what is due comes before what is new
    answer(page)
    assert page.locator("#review > .said").text_content() == words("en")["again"].format(days=30)


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_cards_are_saved_as_csv(visit, language):
    page = visit(language)
    with page.expect_download() as download:
        button(page, words(language)["export"]).click()
    rows = list(csv.reader(Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines(keepends=True)))
    assert len(rows) == page.locator(".cards > div").count() and all(len(row) == 3 and all(row) for row in rows)
    assert any("$c_t$" in field for row in rows for field in row)  # a formula once, as the notebook writes it
    assert hindrances(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_it_says_so_where_nothing_can_be_remembered(visit, without_storage):
    page = visit("en", without_storage)
    answer(page)
    assert page.locator("#review > .said").text_content() == words("en")["unsaved"]
    button(page, words("en")["next"]).click()
    answer(page)
    button(page, words("en")["forget"]).click()
    assert words("en")["count"].format(
        left=page.locator(".cards > div").count(), seen=0, all=page.locator(".cards > div").count()
    ) in (page.locator(".count").text_content())


@pytest.mark.parametrize("language", LANGUAGES)
def test_fingers_answer_cards(visit, language):
    page = visit(language, has_touch=True)
    for _ in range(2):
        card = page.locator("#review .card > div")
        if "choice" in card.get_attribute("class"):
            card.locator(".choices button").nth(int(card.get_attribute("data-key")) - 1).tap()
        else:
            card.locator("summary").tap()
            card.get_by_role("button", name=words(language)["knew"]).tap()
        assert page.locator("#review > .said").text_content() == words(language)["tomorrow"]
        button(page, words(language)["next"]).tap()
    assert len(json.loads(page.evaluate("localStorage.review"))) == 2


def test_without_scripts_all_cards_stand_there(visit):
    page = visit("ko", java_script_enabled=False)
    assert page.locator(".cards > div").first.is_visible() and page.locator("article noscript").is_visible()
