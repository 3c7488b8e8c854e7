"""theme/extension/questions.py"""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("text", "answer", "rest"),
    [
        ("It decides whether the time axis stays. The rest.", "It decides whether the time axis stays.", "The rest."),
        ("No. `units` is the number of units. The `x` is.", "No. units is the number of units.", "The x is."),
        (
            "시간축을 남길지를 `return_sequences`로 정합니다. 더.",
            "시간축을 남길지를 return_sequences\u2060로 정합니다.",
            "더.",
        ),
        ("One sentence that is all there is to say.", "One sentence that is all there is to say.", "Another."),
        (
            "In `a.b` and 3.5 of them ends nothing here, `c` is",
            "In a.b and 3.5 of them ends nothing here, c is",
            "Another.",
        ),
    ],
)
def test_an_entry_begins_with_the_sentence_that_answers(book, text, answer, rest):
    book.write("faq", f"# Questions\n\nA sentence.\n\n## Part\n\n### Why?\n\n{text}\n\nAnother.")
    (question,) = book.build().article("faq").select("section.question")
    first, second = question.select("p")[:2]
    assert first["class"] == ["answer-first"] and (first.text, second.text) == (answer, rest)


def test_other_pages_have_no_such_cards(book):
    book.write("one", "# One\n\nA sentence.\n\n## Part\n\n### Why?\n\nText.")
    assert not book.build().article("one").select(".question, .answer-first")
