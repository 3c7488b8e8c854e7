"""The Markdown of the texts: only what every reader of notebooks shows alike.

A text is read by the page, JupyterLab, Colab, GitHub, the PDF and the EPUB. What one of them takes for a sign and another for
letters is refused here, by the tokens of the text, so that code may show anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from pygments.lexers import get_lexer_by_name
from pygments.token import Error
from pygments.util import ClassNotFound

from ...messages import Problem
from ..book import Book
from ..markdown import BACKSLASH, CODE, EMPHASIS, ESCAPED, MARK, lines, parse, without_comments
from ..notebook import Cell, Chapter
from .registry import rule

PLAIN = "Use plain Markdown; other readers show this as noise."

# What MyST reads at the start of a line, but Colab, GitHub and JupyterLab show as noise.
MYST_LINES = {
    "a directive": re.compile(r":{3,}.*"),
    "a target": re.compile(r"\(.+\)="),
    "a block break": re.compile(r"\+\+\+.*"),
    "a line comment": re.compile(r"%.*"),
}

# What some readers of notebooks take for a sign, in the letters of a text: what it is -> how it looks, what to do.
SOME_READERS = {
    "a footnote": (r"\[\^[^\]]*\]", "Write the note into the text, or in parentheses."),
    "a box to tick": (r"^\[[ xX]\]\s", "Only GitHub shows boxes: write a plain list."),
    "an alert of GitHub": (r"^\[!\w+\]", "Say it in words: **Note.**"),
    "a definition list": (r"(?<=\n): .*", "Write a plain list: - **term**: what it means."),
    "an emoji by its name": (r"(?<![\w:]):[a-z]+[a-z_]*:(?!\w)", "Leave it out, or put it into backticks."),
    "a table that is none": (r"(?<=\n)[ |:-]*-[ |:-]*(?=\n|$)(?<=\|).*", "Give the line of --- as many cells as the line above it."),
    "a link that leads nowhere": (r"\]\(|\]\[", "Write [words](address); in front of a bracket that is meant, put a \\."),
    "a comment without its end": (r"<!--", "End it with -->, or put it into backticks."),
    "TeX outside of a formula": (r"\\[A-Za-z]+", "Put it between $ and $ or $$ and $$; for the letters, into backticks."),
    "a backslash that makes a formula for some readers": (rf"{BACKSLASH}(?=begin\{{|[()[\]]|{ESCAPED})", "Put the TeX between $ and $ or $$ and $$; for the letters, into backticks."),
    "a line of =": (r"(?m)^=+[ \t]*$", "Leave it out: some readers make a heading of the line above it."),
    "a heading for some readers": (r"(?m)^#{1,6}[\u00a0\u2000-\u200a\u202f\u205f\u3000]", "Put a plain space behind the #."),
    "a quotation mark that turns the other way for some readers": (r"[-–—{][\"'](?=\w)|[\"'](?=[\"']\w)", "Put a space before it, or write the mark itself: “ or ‘."),
    "emphasis between < and >, which some readers do not see": (rf"<(?! )[^<>]*{MARK}[^<>]*>", "Put a space behind the <, or write a formula: $0 < x$."),
    "half a pair of backticks": (r"`+", "Put as many behind the code as before it."),
    "half a pair of dollar signs": (r"\$+", "Close the formula; for the sign itself, write \\$."),
}  # fmt: skip
# What KaTeX knows and others do not, or not so: a line's end outside of an environment, definitions, labels, colours, and what
# has a number on a page alone; and a comment.
ENVIRONMENT = re.compile(r"\\begin\{(\w+\*?)\}.*?\\end\{\1\}", re.S)
ONE_READER = re.compile(
    r"(?<!\\)%|\\(?:(?:re)?newcommand|providecommand|[gex]?def|let|tag|label|ref|verb|(?:text|define)?color|f?colorbox)(?![A-Za-z])"
    r"|\\begin\{(?:align(?:at)?|equation|gather|multline|eqnarray|flalign)\}"
)
# What begins a list, a heading, a quotation, a line, code or HTML where a reader knows no formula of several lines.
BLOCK_IN_FORMULA = re.compile(
    r"\n[ \t]*((?:[-+*]|\d{1,9}[.)]|#{1,6})(?=\s)|>|(?:=+|-+|\*+|_+)[ \t]*(?=\n|$)|`{3}|~{3}|<[A-Za-z/!?])"
)
# \nu with one backslash in JSON is a new line and "u".
LOST_BACKSLASH = re.compile(r"\n(abla|u|eq|e|eg|ot|otin|i|mid|exists|leq|geq|earrow)(?![A-Za-z])")
ADDRESS = re.compile(r"https?://\S*|(?<!\w)www\.\w\S*|(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.-]*\w", re.A)

DETAILS = re.compile(r"<details>\s*<summary>([^<>]*)</summary>\s*")
SPAN = re.compile(r'<span lang="[A-Za-z]{2,3}(-[A-Za-z0-9]+)*">')


def paragraphs(cell: Cell) -> Iterator:
    """The inline tokens of a Markdown cell."""
    return (token for token in (parse(cell.source) if cell.is_markdown else ()) if token.type == "inline")


@rule("cell")
def no_myst(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A text has no directive, role, target, block break or comment of MyST: other readers show them as noise."""
    tokens = parse(cell.source) if cell.is_markdown else []
    found = []
    for before, token in zip([None, *tokens], tokens):
        if token.type == "fence" and re.match(r"\s*\{[\w:.-]+\}", token.info):
            found.append(("a directive", token.markup + token.info))
        elif token.type == "inline" and before.type == "paragraph_open":
            for line in token.content.split("\n"):
                found += [(name, line) for name, pattern in MYST_LINES.items() if pattern.fullmatch(line.strip())]
        if token.type == "inline":
            for match in re.finditer(rf"\{{[\w:.+-]+\}}{CODE}", token.meta["prose"]):
                code = [child.content for child in token.children if child.type == "code_inline"]
                number = token.meta["prose"].count(CODE, 0, match.end()) - 1
                found.append(("a role", f"{match[0][:-1]}`{code[number]}`"))
    if tokens and tokens[0].type == "hr" and tokens[0].markup.startswith("---"):
        found.append(("the beginning of a front matter", "---"))
    for name, line in dict(reversed(found)).items():
        yield Problem(chapter.where(cell), f"{name} of MyST, '{line.strip()}'", PLAIN)


@rule("cell")
def no_signs_are_left(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """No sign of emphasis stays a letter, as in ``**word(note)**는``: a sign that is meant is escaped or in backticks."""
    for token in paragraphs(cell):
        prose = token.meta["prose"]
        for match in re.finditer(r"\*+|_+|~+", prose):
            before, behind = prose[: match.start()][-1:] or " ", prose[match.end() :][:1] or " "
            stands_alone = before.isspace() and behind.isspace() and len(match[0]) == 1
            within_a_word = match[0][0] == "_" and all(one.isascii() and one.isalnum() for one in (before, behind))
            single = match[0] == "~" and len(re.findall("~+", prose)) == 1
            single = single and not re.match(f"{MARK}?{CODE}", prose[match.end() :])
            if not (stands_alone or within_a_word or single):
                near = re.sub("[\ue000-\uf8ff]", "…", prose[max(0, match.start() - 12) : match.end() + 12]).strip()
                remedy = (
                    "Some readers strike through what stands between two ~, or take one for a sign before code: write –, or \\~."
                    if "~" in match[0]
                    else "Bold has no space inside its signs, and where it ends in a bracket or a quotation mark a space or a comma "
                    f"behind it: let it end before, **word**(note)는. For the sign itself, write \\{match[0][0]}."
                )
                yield Problem(
                    chapter.where(cell), f"'{match[0]}' is left as letters in '{' '.join(near.split())}'", remedy
                )
                break


@rule("cell")
def emphasis_ends_in_no_symbol(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """Bold that begins or ends in a symbol such as → or € touches no letter: some readers then leave its signs as letters."""
    for token in paragraphs(cell):
        stands_for = {"softbreak": " ", "hardbreak": " "}
        letters = [
            child.content if child.type == "text" else stands_for.get(child.type, "." * bool(child.content))
            for child in token.children
        ]
        for place, child in enumerate(token.children):
            if child.type not in EMPHASIS:
                continue
            left, right = "".join(letters[:place])[-1:] or " ", "".join(letters[place:])[:1] or " "
            inside, outside = (left, right) if child.nesting < 0 else (right, left)
            if unicodedata.category(inside)[0] == "S" and outside.isalnum():
                what = f"emphasis with {inside} at its edge touches '{outside}'"
                yield Problem(chapter.where(cell), what, f"Put a space between, or let it stand without {inside}.")


@rule("cell")
def read_alike_by_all(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """No footnote, box to tick, alert, definition list, bare address, TeX outside of formulas, half pair of signs."""
    for token in paragraphs(cell):
        prose = token.meta["prose"]
        for name, (pattern, remedy) in SOME_READERS.items():
            if match := re.search(pattern, prose):
                yield Problem(chapter.where(cell), f"{name}, '{match[0].strip()}'", remedy)
        for sign, end in (("(", ")"), ("[", "]")):
            if sign in token.meta["escaped"] and end in token.meta["escaped"]:
                what = f"brackets with a backslash, '\\{sign}', which some readers take for a formula"
                yield Problem(chapter.where(cell), what, f"Write $…$ or $$…$$; a plain {sign} needs no backslash.")
        if match := ADDRESS.search(token.meta["outside"]):
            remedy = "Write [words](address), or <address>: some readers make a link of it and others do not."
            yield Problem(chapter.where(cell), f"an address in the text, '{match[0]}'", remedy)


@rule("cell")
def addresses_stand_in_their_links(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A link or image is written ``[words](address)``, with words, without a title and without a definition elsewhere."""
    for label in cell.text.definitions if cell.is_markdown else ():
        if label.startswith("^"):
            yield Problem(chapter.where(cell), f"a footnote, '[{label.lower()}]'", SOME_READERS["a footnote"][1])
        else:
            what = f"the address of [{label.lower()}] stands apart from its link"
            yield Problem(chapter.where(cell), what, "Write [words](address); such a line shows nothing by itself.")
    for token in paragraphs(cell):
        for child, behind in pairwise(token.children):
            if (child.type, behind.type) == ("link_open", "link_close"):
                what = f"a link without words, to '{child.attrs['href']}'"
                yield Problem(chapter.where(cell), what, "Write what it leads to between [ and ].")
    for title in cell.text.titles if cell.is_markdown else ():
        what = f"a link or an image has the title '{title}'"
        yield Problem(
            chapter.where(cell), what, "Leave it out, or say it in the text: on a phone and on paper nobody sees it."
        )


@rule("cell")
def html_is_known(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """HTML is a comment, ``<span lang="…">``, or ``<details>`` with its ``<summary>``, each with its end in the same cell."""
    if not cell.is_markdown:
        return
    where, remedy = chapter.where(cell), "Put </details> alone on a line behind what it hides, with blank lines around."
    opened = 0
    for token in parse(cell.source):
        if token.type == "html_block":
            html = token.content.strip()
            if match := DETAILS.fullmatch(html):
                opened += 1
                if token.level:
                    yield Problem(where, "a <details> within a list or a quotation", "Let it stand outside.")
                if re.search(r"[`*_$\[\]\\&~]", match[1]) or not match[1].strip():
                    what = f"a <summary> that is no plain words, '{match[1].strip()}'"
                    yield Problem(where, what, "Write plain words: Markdown is not read there.")
            elif html == "</details>" and opened and not token.level:
                opened -= 1
            elif "<img" in html:
                yield Problem(where, "an <img> tag", "Write ![what it shows](images/name.svg).")
            elif html.startswith("<!--"):
                yield Problem(where, *(("a comment without its end", "End it with -->.")))
            elif "details" in html:
                what = f"a <details> in another form than the book's, '{html.splitlines()[0]}'"
                yield Problem(where, what, f"Begin with <details>, <summary>words</summary> and a blank line. {remedy}")
            else:
                yield Problem(
                    where, f"HTML that not all readers show, '{html.splitlines()[0]}'", "Write it in Markdown."
                )
        yield from spans(where, token)
    if opened:
        yield Problem(where, "a <details> without its end", remedy)


def spans(where: str, token) -> Iterator[Problem]:
    opened = 0
    for child in token.children or ():
        if child.type == "html_inline":
            if SPAN.fullmatch(child.content):
                opened += 1
            elif child.content == "</span>" and opened:
                opened -= 1
            elif child.content.startswith("<img"):
                yield Problem(where, "an <img> tag", "Write ![what it shows](images/name.svg).")
            else:
                remedy = 'Write it in Markdown; only <span lang="…">words</span> may stand in a line.'
                yield Problem(where, f"HTML that not all readers show, '{child.content}'", remedy)
        elif child.type in ("em_open", "strong_open", "link_open") and opened:
            yield Problem(where, "emphasis or a link within <span>", "Put the <span> inside.")
            return
    if opened:
        yield Problem(where, "a <span> without its end", "Put </span> into the same line.")


@rule("cell")
def formulas_are_read_alike(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A formula is ``$x$`` without spaces at its ends, or stands between two lines ``$$`` without blank lines."""
    tokens = parse(cell.source) if cell.is_markdown else []
    where = chapter.where(cell)
    quoted = 0
    for before, token in zip([None, *tokens], tokens):
        tex = " ".join(token.content.split())
        quoted += token.nesting * (token.type in ("blockquote_open", "blockquote_close"))
        if token.type == "math_block" and quoted and "\n" in token.content:
            yield Problem(where, f"lines of a formula in a quotation, '{tex}'", "Write it in one line: > $$x$$.")
        elif token.type == "math_block" and (match := BLOCK_IN_FORMULA.search(token.content)):
            what = f"a line of the formula '{tex}' begins with '{match[1].strip()}', of which other readers make a part of the text"
            yield Problem(where, what, "Let the sign end the line above, or put {} before it.")
        if token.type == "math_block_label":
            yield Problem(
                where, f"a label behind the formula '{tex}'", "Leave it out: other readers show it as letters."
            )
        elif token.type == "math_block" and re.search(r"\n\s*\n", token.content.strip("\n")):
            yield Problem(where, f"a blank line in the formula '{tex}'", "Take it out: a blank line ends the formula.")
        elif token.type == "math_block" and not tex:
            yield Problem(where, "a formula that is empty", "Take it out.")
        inside = token.children or []
        for before_it, child, behind in zip([None, *inside], inside, [*inside[1:], None]):
            if child.type == "math_inline_double":
                remedy = "Put each $$ on a line of its own, with a blank line above and below, or write $…$."
                yield Problem(where, f"a formula between $$ within a line, '{child.content}'", remedy)
            if child.type != "math_inline":
                continue
            if child.content != child.content.strip():
                remedy = "Take out the spaces inside the dollar signs; for a price, write \\$5."
                yield Problem(where, f"'${child.content}$' is a formula only for some readers", remedy)
            if behind and (
                behind.type in ("math_inline", "code_inline") or behind.type == "text" and behind.content[:1].isdigit()
            ):
                yield Problem(
                    where, f"'${child.content}$' touches what stands behind it", "Put a space or a word between."
                )
            if match := LOST_BACKSLASH.search(child.content):
                remedy = f"Is \\n{match[1]} meant? In the notebook's JSON a backslash is written twice. Else write it in one line."
                yield Problem(where, f"a new line in the formula '${' '.join(child.content.split())}$'", remedy)
            if before_it and before_it.type == "text" and before_it.content.endswith("\\"):
                yield Problem(where, f"a backslash before '${child.content}$'", "Put a space between.")
            if "`" in child.content:
                yield Problem(where, f"backticks in the formula '${child.content}$'", "Write $…$ alone.")
            if "|" in child.content and before.type in ("td_open", "th_open"):
                yield Problem(where, f"a | in the formula '${child.content}$' of a table", "Write \\vert or \\mid.")


@rule("cell")
def formulas_can_be_set(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A formula holds only commands that KaTeX knows, with their arguments; it defines none, and has no label or number."""
    for tex, display in dict.fromkeys(cell.text.tex if cell.is_markdown else ()):
        if wrong := book.formulas.wrong(tex, display):
            what = f"the formula '{' '.join(tex.split())}' cannot be set: {wrong}"
            remedy = "Mend it; https://katex.org/docs/support_table lists what there is."
            yield Problem(chapter.where(cell), what, remedy)
        elif match := re.search(r"\\\\", ENVIRONMENT.sub("", tex)) or ONE_READER.search(tex.replace(r"\\", " ")):
            remedy = {
                r"\\": "Put the lines between \\begin{aligned} and \\end{aligned}.",
                "%": "Write \\%: what stands behind % is not shown.",
                r"\begin": "Write aligned or gathered in its place: it has a number on the page and none elsewhere.",
            }.get(match[0].partition("{")[0], "Write it out: other readers, the PDF among them, do without.")
            yield Problem(chapter.where(cell), f"{match[0]} in the formula '{' '.join(tex.split())}'", remedy)


@rule("cell")
def dollar_signs_begin_no_formula(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """In a cell with formulas no $ stands in an address, in code over two lines, by four spaces or within a list or a quotation."""
    tokens = parse(cell.source) if cell.is_markdown and cell.text.tex else []
    for token in tokens:
        inside, found = token.children or (), []
        found += [f"the address {one.attrs['href']}" for one in inside if "$" in str(one.attrs.get("href", ""))]
        found += [
            f"the code '{one.content}', which goes over two lines"
            for one in inside
            if one.type == "code_inline" and "$" in one.content and one.content not in token.content
        ]
        if "$" in token.content and (token.type == "code_block" or token.type == "fence" and token.level):
            found.append(f"a block of code, '{token.content.strip().splitlines()[0]}'")
        for what in found:
            remedy = "Some readers begin a formula with it: in an address write %24; put the code into one line, or a block outside."
            yield Problem(chapter.where(cell), f"a $ in {what}", remedy)


@rule("cell")
def code_blocks_are_whole(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A block of code has its end in the same cell, and names a language that Pygments knows, or none."""
    typed = lines(without_comments(cell.source)) if cell.is_markdown else []
    for token in parse(cell.source) if cell.is_markdown else ():
        if token.type != "fence":
            continue
        last = typed[token.map[1] - 1] if token.map[1] - token.map[0] > 1 else ""
        if not re.fullmatch(rf"[\s>]*{re.escape(token.markup)}{re.escape(token.markup[0])}*\s*", last):
            remedy = f"Put {token.markup} alone on a line behind it."
            yield Problem(chapter.where(cell), "a block of code without its end", remedy)
        name = token.info.strip().split(" ")[0]
        try:
            lexer = get_lexer_by_name(name or "text")
        except ClassNotFound:
            if not name.startswith("{"):
                what = f"a block of code in '{name}', a language that nobody knows"
                yield Problem(chapter.where(cell), what, "Write python, text, or nothing.")
            continue
        if odd := next((part for kind, part in lexer.get_tokens(token.content) if kind is Error), None):
            what = f"a block of code that is no {name}: it has '{odd}'"
            yield Problem(chapter.where(cell), what, "Mend it, or write text in place of the language.")


@rule("cell")
def list_items_say_something(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """No item of a list is empty: readers differ in whether the list goes on behind it. A number stands before a point."""
    tokens = parse(cell.source) if cell.is_markdown else []
    for token, behind in pairwise(tokens):
        if token.type == "ordered_list_open" and token.markup == ")":
            yield Problem(chapter.where(cell), "a list with numbers before a )", "Write 1. in place of 1).")
        if (token.type, behind.type) == ("list_item_open", "list_item_close"):
            remedy = f"Take it out; for the sign itself, write \\{token.markup}."
            yield Problem(chapter.where(cell), f"an item of a list without words, '{token.markup}'", remedy)


@rule("cell")
def lines_stand_between_parts(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A line across the page (``***``) stands between two parts of a text, not beside a heading, another line or its end."""
    outer = [token for token in (parse(cell.source) if cell.is_markdown else ()) if token.level == 0]
    for before, token, behind in zip([None, *outer], outer, [*outer[1:], None]):
        beside = [one.type if one else "" for one in (before, behind)]
        if token.type == "hr" and {"", "hr", "heading_open", "heading_close"} & set(beside):
            yield Problem(
                chapter.where(cell),
                f"a line, {token.markup[0] * 3}, with nothing between it and what is beside it",
                "Take it out.",
            )


# What goes on, on paper, in the lines of what stands right behind it.
BROKEN_OFF = {"paragraph_close", "math_block"}


@rule("cell")
def tables_and_formulas_stand_free(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A table has a blank line above and below, code by four spaces one above, ``$$`` one below: else readers see other parts."""
    tokens = parse(cell.source) if cell.is_markdown else []
    typed = lines(without_comments(cell.source)) if tokens else []
    where = chapter.where(cell)
    for before, token in zip([None, *tokens], tokens):
        above = before.type if before and before.nesting < 1 and token.map else ""
        if above and not typed[token.map[0] - 1].strip(" \t>"):
            above = ""  # a blank line
        line = typed[token.map[0]].strip() if token.map and token.map[0] < len(typed) else ""
        if token.type == "table_open" and above in BROKEN_OFF:
            yield Problem(where, f"a table without a blank line above it: '{line}'", "Put one there.")
        elif token.type == "table_open" and "|" not in typed[token.map[0] + 1]:
            yield Problem(where, f"a table whose line of --- has no |: '{line}'", "Write |---| below the first line.")
        elif token.type == "blockquote_open" and any(re.match(r" {4,}>", one) for one in typed[slice(*token.map)]):
            yield Problem(where, f"a > behind four spaces: '{line}'", "Begin the lines of a quotation further left.")
        elif token.type == "code_block" and above:
            remedy = "Put one there; for a text, begin the line further left."
            yield Problem(where, f"code by four spaces without a blank line above it: '{line}'", remedy)
        elif above == "blockquote_close" and token.type == "ordered_list_open" and token.attrs.get("start", 1) != 1:
            yield Problem(where, f"'{line}' right behind a quotation", "Put a blank line between.")
        elif above == "math_block" and (token.type != "paragraph_open" or re.fullmatch("=+|-+", line)):
            yield Problem(where, f"'{line}' right behind a formula between $$", "Put a blank line between.")
        elif token.type == "tr_open" and not re.search(r"(?<!\\)\|", line):
            what = f"a text right behind a table, '{line}'"
            yield Problem(where, what, "Put a blank line before it: on a page it would be a row.")
        elif token.type == "tr_open" and re.fullmatch(r"[\s>]*\|?\s*", line):
            yield Problem(where, "a row of a table that is nothing but a |", "Take it out.")


@rule("cell")
def rows_fit_their_table(book: Book, chapter: Chapter, cell: Cell) -> Iterator[Problem]:
    """A row of a table has at most as many cells as the first: what is left over would vanish."""
    typed, columns = (lines(without_comments(cell.source)), 0) if cell.is_markdown else ([], 0)
    for token in parse(cell.source) if cell.is_markdown else ():
        if token.type == "thead_open":
            columns = 0
        columns += token.type == "th_open"
        if token.type == "tr_open":
            row = re.sub(r"^[\s>]*(?:[-*+]\s+|\d+[.)]\s+)?\|?|(?<!\\)\|\s*$", "", typed[token.map[0]])
            cells = len(re.findall(r"(?<!\\)\|", row)) + 1
            if columns and cells > columns:
                remedy = "Add a column above, or take them out; a | that is a letter is written \\|, also in code."
                yield Problem(
                    chapter.where(cell),
                    f"a row of a table has {cells} cells in place of {columns}: '{row.strip()}'",
                    remedy,
                )
