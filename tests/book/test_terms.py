"""What the words of the book promise each other: terms that are told once, links of questions, rows of arguments."""

import re

import pytest

from builder.chapters.needs import BUILTINS, names
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


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_error_message_stands_in_the_section_that_its_row_leads_to(language):
    """Else a reader who follows the row would not know the place again."""
    (table,) = [cell for cell in the_book().chapter("faq").texts(language) if cell.id == f"messages-{language}"]
    rows = re.findall(r"^\| (`+)(.*?)\1 \|.*\((\w+)\.ipynb#([\w-]+)\) \|$", table.source, re.M)
    assert len(rows) > 20
    for _, message, name, anchor in rows:
        found = section(the_book().chapter(name), anchor, language)
        assert squeezed(message) in squeezed(found), f"{message}: not in {name}.ipynb#{anchor}"


def test_the_code_of_an_answer_needs_no_other_answer():
    """As the chapter promises: it runs once the cell below the list of questions has run."""
    setup, above, seen = None, set(), 0
    for cell in the_book().chapter("faq").cells(LANGUAGES[0]):
        if cell.is_markdown:
            above = set() if re.search("^##", cell.source, re.M) else above
            continue
        found = names(cell.source)
        if setup is None:
            setup = found.binds | BUILTINS
        reads = found.reads.union(*(reads for _, reads, _ in found.later))
        assert reads <= setup | above | found.binds, f"{cell.id} needs {reads - setup - above - found.binds}"
        above |= found.binds
        seen += 1
    assert seen > 40


def section(chapter, anchor: str, language: str) -> str:
    """The text, the code and what the code prints, from a heading to the next one."""
    anchors, parts, inside = iter(chapter.anchors), [], False
    for cell in chapter.cells(language):
        if cell.is_code:
            printed = "".join(output.get("text", "") for output in cell.outputs)
            parts += [cell.source, printed] if inside else []
        elif cell.is_markdown:
            prose = re.sub(r"```.*?```", "", cell.source, flags=re.S)  # a comment there is no heading
            for part in re.split(r"^(?=#+ )", prose, flags=re.M):
                if part.startswith("#"):
                    inside = next(anchors) == anchor
                parts += [part] if inside else []
    return "\n".join(parts)


def squeezed(text: str) -> str:
    return " ".join(text.replace("`", "").split())
