"""What keeps the book from being built, each problem with its place and remedy."""

from __future__ import annotations

import difflib
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import nbformat

from cell import draws, language_of, plot_alt, read_text

if TYPE_CHECKING:
    from cut import Book

# Tags that mean something to nbval, the tests, the benchmark or a notebook front end; any other is taken for a slip.
KNOWN_TAGS = {"data", "exercise", "measured", "raises-exception", "nbval-ignore-output", "nbval-skip"}

# MyST reads these, but Colab, GitHub and JupyterLab show them as noise.
MYST = {
    "a directive": re.compile(r"^[ >]*(`{3,}|~{3,}|:{3,})\s*\{[\w:.-]+\}", re.M),
    "a role": re.compile(r"\{[\w:.-]+\}`[^`]"),
    "a target": re.compile(r"^\([\w.:-]+\)=\s*$", re.M),
    "a block break": re.compile(r"^\+\+\+", re.M),
    "a line comment": re.compile(r"^%", re.M),
}
ADDRESS_OR_PATH = re.compile(r"\bat 0x[0-9a-f]{6,}|(?<![\w.])/(?:home|root|Users|tmp|usr|opt|mnt)/\w|\b[A-Z]:\\\\?\w")

# What twins have in common: attribute of Text -> its name in a message.
AGREE = {
    "display_formulas": "display formulas",
    "formulas": "inline formulas",
    "inline_code": "inline code",
    "code_blocks": "code blocks",
    "figures": "figures",
    "links": "link targets",
    "tables": "table cells",
    "collapsed": "collapsed parts",
}


@dataclass(frozen=True)
class Problem:
    """One thing that keeps the book from being built."""

    where: str
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}\n    {self.remedy}"


def check_contents(book: Book) -> Iterator[Problem]:
    """Where the table of contents and the folder of the chapters disagree."""
    folder = {f"book/{path.stem}" for path in (book.root / "book").glob("*.ipynb")}
    for chapter in book.chapters:
        if chapter not in folder:
            near = difflib.get_close_matches(chapter, sorted(folder - set(book.chapters)), 1, 0)
            hint = f"Did you mean {near[0]}? " if near else ""
            yield Problem("_toc.yml", f"names {chapter}, but there is no {chapter}.ipynb", f"{hint}Mend the line.")
    for chapter in sorted(folder - set(book.chapters)):
        yield Problem(
            f"{chapter}.ipynb",
            "no line of _toc.yml names it",
            f"Add '- file: {chapter}' to _toc.yml, or remove the notebook.",
        )
    for chapter, count in Counter(book.chapters).items():
        if count > 1:
            yield Problem("_toc.yml", f"names {chapter} {count} times", "Keep one of the lines.")


def check_chapter(book: Book, chapter: str) -> Iterator[Problem]:
    """What is wrong in a chapter; all chapters must have been read, for it may link to them."""
    notebook = book.notebooks[chapter]
    file = f"{chapter}.ipynb"
    executed = 0
    for number, cell in enumerate(notebook.cells, 1):
        where = f"{file}, cell {number} ({cell.id})"
        yield from check_tags(book, where, cell)
        if cell.cell_type == "markdown":
            yield from check_markdown(book, where, cell)
        elif cell.cell_type == "code":
            yield from check_code(
                where, cell, executed + 1, f"Run 'make record CHAPTER={chapter.removeprefix('book/')}'."
            )
            executed = cell.execution_count or executed  # so that one cell left out is one problem
            for code in book.languages if draws(cell) else ():
                if not plot_alt(notebook.cells, number - 1, code):
                    yield Problem(
                        where,
                        f"draws a plot that has no alt text in {book.languages[code]['name']}",
                        "Put <!-- plot alt: what it shows --> into the Markdown cell behind it.",
                    )
    markdown_cells = [cell for cell in notebook.cells if cell.cell_type == "markdown"]
    if markdown_cells and not any(map(language_of, markdown_cells)):
        tags = ", ".join(f"lang-{code}" for code in book.languages)
        yield Problem(file, "no cell carries a language tag", f"Give each Markdown cell one of the tags {tags}.")
        return
    yield from check_twins(book, chapter)
    yield from check_headings(book, chapter)


def check_tags(book: Book, where: str, cell: nbformat.NotebookNode) -> Iterator[Problem]:
    languages = [f"lang-{code}" for code in book.languages]
    tags = cell.metadata.get("tags", [])
    for tag in tags:
        if tag in KNOWN_TAGS or tag in languages:
            continue
        near = difflib.get_close_matches(tag.lower(), [*languages, *sorted(KNOWN_TAGS)], 1, 0.5)
        hint = f"Did you mean '{near[0]}'?" if near else f"Known tags: {', '.join([*languages, *sorted(KNOWN_TAGS)])}."
        yield Problem(where, f"unknown tag '{tag}'", hint)
    chosen = [tag for tag in tags if tag.startswith("lang-")]
    if cell.cell_type == "code" and chosen:
        yield Problem(where, f"a code cell carries '{chosen[0]}'", "Code belongs to all editions: remove the tag.")
    elif len(chosen) > 1:
        yield Problem(where, f"carries {' and '.join(chosen)}", "Keep one language a cell.")


def check_markdown(book: Book, where: str, cell: nbformat.NotebookNode) -> Iterator[Problem]:
    prose = re.sub(r"^(`{3,})(?!\s*\{).*?^\1`*\s*$", "", cell.source, flags=re.M | re.S)
    for name, pattern in MYST.items():
        if match := pattern.search(prose):
            line = match[0].strip().splitlines()[0]
            yield Problem(where, f"{name} of MyST, '{line}'", "Use plain Markdown; other readers show this as noise.")
    text = read_text(cell.source)
    if text.collapsed != text.collapsed_ends:
        yield Problem(where, "a <details> without its end", "Put </details> alone on a line behind what it hides.")
    if text.raw_images:
        yield Problem(where, "an <img> tag", "Write ![what it shows](images/name.svg).")
    for figure, alt in zip(text.figures, text.alts):
        if not alt:
            yield Problem(where, f"the figure {figure} has no alt text", "Say in words what it shows: ![…](…).")
    for src in text.uncaptioned:
        yield Problem(
            where,
            f"the figure {src} has no caption",
            "Let it stand alone, and behind it a paragraph *in emphasis* that says what to see.",
        )
    for src in text.figures:
        if not (book.root / "book" / src).is_file():
            yield Problem(where, f"there is no image book/{src}", "Restore the file or mend the path.")
        elif not book.embedded(src):
            yield Problem(where, f"book/{src} is no SVG or PNG that can be drawn", "Save it again.")
    for link in dict.fromkeys(text.links):
        yield from check_link(book, where, link)


def check_link(book: Book, where: str, link: str) -> Iterator[Problem]:
    if re.match(r"(https?|mailto):", link):
        return
    target, _, anchor = link.partition("#")
    chapter = f"book/{target[:-6]}" if target.endswith(".ipynb") else None
    if chapter not in book.chapters:
        near = difflib.get_close_matches(target, [f"{name.removeprefix('book/')}.ipynb" for name in book.chapters], 1)
        hint = f"Did you mean {near[0]}?" if near else "Link chapters as other_chapter.ipynb#english-heading."
        yield Problem(where, f"the link {link} leads nowhere", hint)
    elif anchor and chapter in book.anchors and anchor not in book.anchors[chapter]:
        near = difflib.get_close_matches(anchor, book.anchors[chapter], 1, 0.3)
        hint = f"Did you mean #{near[0]}?" if near else "Anchors are the English headings, lower case, hyphens."
        yield Problem(where, f"{target} has no heading #{anchor}", hint)


def check_code(where: str, cell: nbformat.NotebookNode, expected: int, again: str) -> Iterator[Problem]:
    if re.search(r"^answer = \.\.\.", cell.source, re.M) and "exercise" not in cell.metadata.get("tags", []):
        yield Problem(where, "waits for an answer but has no tag 'exercise'", "Add it, or no test tries the solution.")
    if not cell.source.strip():
        yield Problem(where, "an empty code cell", "Remove it.")
    elif cell.execution_count is None:
        yield Problem(where, "was not executed", again)
    elif cell.execution_count != expected:
        yield Problem(where, f"has execution count {cell.execution_count} instead of {expected}", again)
    for output in cell.outputs:
        if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
            yield Problem(
                where, f"ends in {output.ename}: {output.evalue}", "Mend the cell, or tag it raises-exception."
            )
        if output.get("name") == "stderr":
            line = output.text.strip().splitlines()[0] if output.text.strip() else ""
            yield Problem(where, f"wrote to stderr: {line}", "Remove the cause of the warning, then 'make record'.")
        if match := ADDRESS_OR_PATH.search(json.dumps([output.get("text"), output.get("data", {}).get("text/plain")])):
            yield Problem(where, f"prints a machine's path or address ('{match[0]}')", "Print something that lasts.")


def check_twins(book: Book, chapter: str) -> Iterator[Problem]:
    """Cells with a language come in groups, one of each language, in the order of the configuration."""
    order = list(book.languages)
    groups: list[list[tuple[int, nbformat.NotebookNode]]] = [[]]
    for number, cell in enumerate(book.notebooks[chapter].cells, 1):
        code = language_of(cell) if cell.cell_type == "markdown" else None
        if code not in book.languages:
            groups.append([])
            continue
        if groups[-1] and order.index(code) <= order.index(language_of(groups[-1][-1][1])):
            groups.append([])
        groups[-1].append((number, cell))
    for group in filter(None, groups):
        present = [language_of(cell) for _, cell in group]
        missing = [code for code in order if code not in present]
        number, cell = group[0]
        where = f"{chapter}.ipynb, cell {number} ({cell.id})"
        if missing:
            yield Problem(
                where,
                f"has no twin in {' and '.join(book.languages[code]['name'] for code in missing)}",
                f"Put it right behind, tagged lang-{missing[0]}; the order is {', '.join(order)}.",
            )
            continue
        for other_number, other in group[1:]:
            yield from compare(where, cell, f"cell {other_number} ({other.id})", other)


def compare(where: str, cell: nbformat.NotebookNode, twin_name: str, twin: nbformat.NotebookNode) -> Iterator[Problem]:
    one, two = read_text(cell.source), read_text(twin.source)
    levels = [level for level, _ in one.headings], [level for level, _ in two.headings]
    if levels[0] != levels[1]:
        yield Problem(where, f"its heading levels {levels[0]} differ from {levels[1]} in its twin, {twin_name}",
                      "Give both the same headings.")  # fmt: skip
    for attribute, name in AGREE.items():
        here, there = getattr(one, attribute), getattr(two, attribute)
        if here == there:
            continue
        if isinstance(here, set):
            only = ", ".join(sorted(here - there)) or "nothing", ", ".join(sorted(there - here)) or "nothing"
            detail = f"only here: {only[0]}; only there: {only[1]}"
        else:
            detail = f"here: {here}; there: {there}"
        yield Problem(where, f"its {name} differ from those of its twin, {twin_name}", f"Let both agree ({detail}).")


def check_headings(book: Book, chapter: str) -> Iterator[Problem]:
    file = f"{chapter}.ipynb"
    for code in book.languages:
        headings = [
            heading
            for cell in book.notebooks[chapter].cells
            if cell.cell_type == "markdown" and language_of(cell) in (None, code)
            for heading in read_text(cell.source).headings
        ]
        if [level for level, _ in headings[:1]] != [1] or sum(level == 1 for level, _ in headings) != 1:
            yield Problem(file, f"{code}: a chapter has one title (# …), at its top", "Mend the headings.")
        for (before, _), (level, heading) in zip(headings, headings[1:]):
            if level > before + 1:
                yield Problem(file, f"{code}: the heading '{heading}' skips a level", f"Use {'#' * (before + 1)}.")
    for anchor, count in Counter(book.anchors[chapter]).items():
        if count > 1:
            yield Problem(file, f"{count} headings have the anchor #{anchor}", "Word the English headings differently.")
        if not re.fullmatch(r"[a-z][\w-]*", anchor):
            yield Problem(
                file, f"a heading has the anchor '#{anchor}'", "Begin the English heading with a Latin letter."
            )
