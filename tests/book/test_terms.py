"""What the words of the book promise each other: terms that are told once, links of questions, rows of arguments."""

import re

import pytest

from builder.chapters.rules import terms
from support import LANGUAGES, glossary, the_book


def test_words_that_readers_bring_along_are_told_somewhere():
    rows = {korean: english for korean, english, _ in glossary()}
    assert terms.TOLD_ONCE <= rows.keys(), terms.TOLD_ONCE - rows.keys()
    prose = "\n".join(terms.korean_prose(chapter) for chapter in the_book().chapters if chapter.name != "glossary")
    told = {
        korean
        for korean in terms.TOLD_ONCE
        if re.search(rf"{korean}\({rows[korean]}|{korean}\([^)]*{rows[korean]}", prose)
    }
    assert terms.TOLD_ONCE - told <= {"Sequential 모델", "cuDNN"}, terms.TOLD_ONCE - told


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_of_a_question_has_the_words_of_the_heading_it_leads_to(language):
    """So a reader sees at once that it is the right place."""
    headings = {
        f"{chapter.name}.ipynb#{anchor}": title
        for chapter in the_book().chapters
        for anchor, (_, title) in zip(chapter.anchors, chapter.headings(language))
    }
    seen = 0
    for cell in the_book().chapter("faq").texts(language):
        for line in re.findall(r"^(?:자세히|Read on): .*$", cell.source, re.M):
            for words, target in re.findall(r"\[([^\]]*)\]\((\w+\.ipynb#[\w-]+)\)", line):
                seen += 1
                assert words == headings[target], f"{cell.id}: [{words}], but the heading is {headings[target]}"
    assert seen > 40


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_argument_of_the_recurrent_layers_has_a_row_in_the_questions(language):
    """The names that a cell of the chapter compares with Keras are those of the table."""
    cells = {cell.id: cell.source for cell in the_book().chapter("faq").all_cells}
    compared = re.search(r'explained = """(.*?)"""', cells["arguments-code"], re.S)[1].split()
    rows = re.findall(r"^\| (`[^|]*) \|.*\]\(\w+\.ipynb#[\w-]+\) \|$", cells[f"arguments-{language}"], re.M)
    assert sorted(re.findall(r"\w+", " ".join(rows))) == sorted(compared)
