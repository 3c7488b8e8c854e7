"""Each text is in its language, and says what its twin says as far as that can be counted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...messages import Problem
from ..book import Book
from ..markdown import parse
from ..notebook import Cell, Chapter
from .registry import rule
from .twins import whole_groups

HANGUL = re.compile(r"[가-힣]")
WORD = re.compile(r"[A-Za-z]{2,}")

# What a paragraph of the Korean edition may hold without a Korean word: names and titles.
FEW_WORDS = 5


def paragraphs(cell: Cell) -> Iterator[str]:
    """The words of each paragraph, heading, list item and table cell: without code, formulas, and marked other languages."""
    for token in parse(cell.source):
        if token.type != "inline":
            continue
        words, skipped = [], 0
        for child in token.children or ():
            if child.type == "html_inline":
                skipped += child.content.startswith("<span lang=")
                skipped -= child.content == "</span>" and skipped > 0
            elif child.type in ("text", "softbreak") and not skipped:
                words.append(child.content or " ")
        yield "".join(words)


@rule("cell")
def korean_texts_are_korean(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A paragraph of five English words or more in a Korean cell has Korean in it, or is marked `<span lang="en">`."""
    for text in paragraphs(cell) if cell.is_markdown and cell.language == "ko" else ():
        if len(WORD.findall(text)) >= FEW_WORDS and not HANGUL.search(text):
            what = f"has an English paragraph in a Korean cell: {text.strip()[:40]}"
            yield Problem(chapter.where(cell), what, 'Write it in Korean, or put <span lang="en">…</span> around it.')


@rule("cell")
def other_texts_have_no_hangul(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A cell in another language than Korean has Hangul only in `<span lang="ko">`."""
    others = {language.code for language in book.languages} - {"ko"}
    for text in paragraphs(cell) if cell.is_markdown and cell.language in others else ():
        if found := HANGUL.search(text):
            what = f"has Korean in a cell of another language: {text[max(0, found.start() - 10) :][:40]}"
            yield Problem(chapter.where(cell), what, 'Translate it, or put <span lang="ko">…</span> around it.')


@rule("cell")
def untagged_texts_have_no_words(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A Markdown cell without a language tag goes into all editions, so it has no words: a lone formula, a comment."""
    tagged = any(tag.startswith("lang") for tag in cell.tags)  # also a tag with a slip, for which there is a rule
    if cell.is_markdown and not tagged and any(re.search(r"\w{2,}", text) for text in paragraphs(cell)):
        tags = " or ".join(f"lang-{language.code}" for language in book.languages)
        yield Problem(chapter.where(cell), "has words and no language tag", f"Tag it {tags}, and give it its twins.")


@rule("cell")
def alt_texts_are_in_the_language(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """The alt text of a figure says in at least four words, in the language of its cell, what is to be seen."""
    for alt in cell.text.alts if cell.is_markdown and cell.language else ():
        if alt and len(alt.split()) < 4:
            yield Problem(
                chapter.where(cell), f"has an alt text of less than four words: {alt}", "Say what is to be seen."
            )
        elif alt and bool(HANGUL.search(alt)) != (cell.language == "ko"):
            what = f"has an alt text in another language: {alt[:40]}"
            yield Problem(chapter.where(cell), what, "Write it in the language of the cell.")


@rule("chapter")
def plots_are_described_in_the_language(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """The alt text of a plot has at least four words in its language."""
    for cell in chapter.all_cells:
        for language in book.languages if cell.draws else ():
            alt = chapter.plot_alt(cell, language.code)
            if alt and (len(alt.split()) < 4 or bool(HANGUL.search(alt)) != (language.code == "ko")):
                what = f"has a plot alt in {language.name} that is too short or in another language: {alt[:40]}"
                yield Problem(chapter.where(cell), what, "Say in at least four words what is to be seen.")


# Statements in another style than -습니다 and -십시오; questions of the FAQ are in the learner's words, and -합시다 invites.
PLAIN_ENDING = re.compile(r"(?:(?<![니시])다|요|죠|네)[.!](?=\s|$|\*)")


@rule("cell")
def korean_is_formal(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Korean sentences are in 합니다체: none ends in 한다, 해요 or the like."""
    for text in paragraphs(cell) if cell.is_markdown and cell.language == "ko" else ():
        if found := PLAIN_ENDING.search(re.sub(r"[“‘\"'].*?[”’\"']", "", text)):
            what = f"has a sentence that is not in 합니다체, near '{found[0]}': {text.strip()[:40]}"
            yield Problem(chapter.where(cell), what, "End it in -습니다, -ㅂ니다, -니까 or -십시오.")


@rule("cell")
def ids_name_the_language(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """The id of a text ends in its language: ``title-ko``, ``title-en``."""
    known = cell.language in [language.code for language in book.languages]
    if cell.is_markdown and known and not cell.id.endswith(f"-{cell.language}"):
        what = f"its id does not end in -{cell.language}"
        yield Problem(chapter.where(cell), what, f"Name it {re.sub('-[a-z]{2}$', '', cell.id)}-{cell.language}.")


@rule("chapter")
def twins_have_the_same_name(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """The ids of twins differ in the language only."""
    for group in whole_groups(book, chapter):
        names = {cell.id.removesuffix(f"-{cell.language}") for cell in group}
        if len(names) > 1:
            what = f"its twin is called {group[1].id}"
            yield Problem(chapter.where(group[0]), what, "Let their ids differ in the language only.")


def counted(cell: Cell) -> dict[str, set[str] | int]:
    """What twins have in the same number: name of it -> how many, or which."""
    tokens = parse(cell.source)
    children = [child for token in tokens for child in token.children or ()]
    return {
        "list items": sum(token.type == "list_item_open" for token in tokens),
        "paragraphs": sum(token.type == "paragraph_open" for token in tokens),
        "bold words": sum(child.type == "strong_open" for child in children),
        "decimals": {number for text in paragraphs(cell) for number in re.findall(r"\d+\.\d+", text, re.A)},
    }


# Where readers of one language need more than the others, a comment says why: <!-- twins differ: … -->
TWINS_DIFFER = re.compile(r"<!--\s*twins differ:\s*\S.*?-->", re.S)


@rule("chapter")
def twins_count_the_same(book: Book, chapter: Chapter) -> Iterator[Problem]:
    """Twins have as many paragraphs, list items and bold words, and the same decimals: what one says the other says too."""
    for one, *others in whole_groups(book, chapter):
        for other in others:
            if any(TWINS_DIFFER.search(cell.source) for cell in (one, other)):
                continue
            here, there = counted(one), counted(other)
            for name in here:
                if here[name] != there[name]:
                    numbers = [
                        value if isinstance(value, int) else sorted(value) for value in (here[name], there[name])
                    ]
                    what = f"its {name} differ from those of its twin, cell {other.number} ({other.id}): {numbers[0]}, {numbers[1]}"
                    yield Problem(
                        chapter.where(one),
                        what,
                        "Let both say the same, or give the reason: <!-- twins differ: why -->.",
                    )
