"""Questions as learners type them: the search of the built site finds a section that answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_search import ask

from support import LANGUAGES

QUESTIONS = json.loads((Path(__file__).parent / "questions.json").read_text(encoding="utf-8"))
FIRST = 5  # results that a reader looks at
WANTED = 28 / 30


@pytest.mark.parametrize("edition", LANGUAGES)
def test_the_first_results_answer_the_questions_of_learners(browser, address, site, edition):
    questions = QUESTIONS[edition]
    assert len({question["query"] for question in questions}) == len(questions) >= 30
    for question in questions:
        for section in question["sections"]:
            name, _, anchor = section.partition("#")
            page = (site / edition / name).read_text(encoding="utf-8")
            assert not anchor or f' id="{anchor}">' in page, section
    page = browser.new_page()
    page.goto(f"{address}{edition}/index.html")
    answers = ask(page, [question["query"] for question in questions])
    page.close()
    missed = [
        f"{question['query']}: not {question['sections'][0]}, but {found[:FIRST]}"
        for question, found in zip(questions, answers)
        if not set(found[:FIRST]) & set(question["sections"])
    ]
    assert len(questions) - len(missed) >= WANTED * len(questions), "\n".join(missed)
