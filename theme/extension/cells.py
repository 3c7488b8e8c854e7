"""Cells: the objects of a page that are made of code cells, known by their tags, their outputs and their section.

Code that few want to read is folded in its cell, whose output stays in view: the setup of a chapter, data, what draws a
plot, what checks an exercise. Entries of "What goes wrong" and exercises, wherever one stands, are cards. A line of code that asserts something
has a mark: the page holds what it asserts.
"""

from __future__ import annotations

import ast
import re
from html import escape, unescape

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.locale import _

MISTAKES = "what-goes-wrong"  # the section that holds them, in every language

WAITING = "Replace ... with your answer."  # what an exercise prints that nobody has answered
SHORT = 12  # a setup with fewer lines is read as quickly as its summary
MESSAGE = 30  # what is shorter is the name of an error or a result, when more lines follow
WRAPPER = "Exception encountered when calling"  # how Keras begins before it says what went wrong

MAGIC = "%"  # how a line begins that is for the display of a notebook

BLOCK = re.compile(r"<pre>.*?</pre>", re.S)
DEEP = re.compile(r"(?<=^    ) {9,}(?=\S)", re.M)  # it would fill a line of a phone, see book.css

# A line that begins further in and that a phone breaks; what comes after the break is to stand below it, see book.css.
INDENTED = re.compile(r"^( {4}| {8}| {12})(?=[^ \n])((?:[^<\n]|<span[^>\n]*>[^<\n]*</span>)+)$", re.M)
TAG = re.compile("<[^>]*>")
FITS = 36  # columns of code on a phone

CODE = re.compile(r'<div class="cell (?!tag_exercise).*?</pre>', re.S)
ASSERTION = re.compile(
    r'^((?:.*<pre><span></span>)?\s*)(?=<span class="k">assert</span>'
    r'|<span class="n">np</span><span class="o">\.</span><span class="n">testing</span>)',
    re.M,
)

# What Pygments names in more ways than there are colours (static/book.css): each has one name here, and names, operators, signs
# and spaces have none. They are most of the elements of a long page.
COLOURS = {"k": "kc kd kn ow", "s": "s1 s2 sa sd si se", "m": "mi mf mh", "nb": "bp nd ne", "nf": "fm nc"}
NAMES = {old: name for name, others in COLOURS.items() for old in others.split()}
COLOURLESS = re.compile(r'<span class="(?:n|nn|o|p|vm|w)">([^<]*)</span>')
PIECE = re.compile(r'(?<=<span class=")\w+(?=">)')
NEXT = re.compile(r'(<span class="(\w+)">[^<]*)</span>(\s*)<span class="\2">')

# Where code may break, the style says; Sphinx has a span for each of its words.
WORD = re.compile(r'<span class="pre">([^<]*)</span>')


def setup(app: Sphinx) -> None:
    app.connect("doctree-resolved", make_objects, priority=400)  # before what goes into cards
    app.connect("html-page-context", mark_assertions)


def cells(tree: nodes.Element) -> list[nodes.container]:
    return [node for node in tree.findall(nodes.container) if node.get("nb_element") == "cell_code"]


def source(cell: nodes.container) -> str:
    return cell[0].astext()


def printed(cell: nodes.container) -> str:
    blocks = cell.findall(nodes.literal_block)
    return "\n".join(block.astext() for block in blocks if "cell_input" not in block.parent["classes"])


def make_objects(app: Sphinx, doctree: nodes.document, page: str) -> None:
    if app.builder.format != "html":
        return
    for section in doctree.findall(nodes.section):
        if any("tag_exercise" in cell["classes"] for cell in cells(section) if cell.parent is section):
            section["classes"].append("exercise")
        elif MISTAKES in section.parent.get("ids", ()):
            section["classes"].append("mistake")
            quote_message(section)
    for number, cell in enumerate(cells(doctree)):
        if "tag_exercise" in cell["classes"] and printed(cell).strip() == WAITING:
            del cell[1:]
        if summary := summary_of(cell, first=number == 0):
            cell.insert(1, nodes.raw("", "</details>", format="html"))
            cell.insert(0, nodes.raw("", f'<details class="code"><summary>{summary}</summary>', format="html"))


def summary_of(cell: nodes.container, first: bool) -> str:
    """What stands in the place of folded code, as HTML; nothing when the code is to be read."""
    lines = source(cell).count("\n") + 1
    if "tag_exercise" in cell["classes"]:
        return escape(_("Check your answer in code"))
    if "tag_data" in cell["classes"]:
        return _("Data: %s · %d lines") % (names(source(cell)), lines)
    if any(part.next_node(nodes.image) for part in cell[1:]):
        return escape(_("Code of this figure, %d lines") % lines)
    if first and lines >= SHORT and not printed(cell) and source(cell).startswith(("import", "from")):
        return _("Setup: imports, %s · %d lines") % (names(source(cell)), lines)
    return ""


def tree_of(code: str) -> ast.Module:
    """The code of a cell without the lines for the display, at which Python stumbles: a line of a string may begin like them."""
    lines = code.split("\n")
    while True:
        try:
            return ast.parse("\n".join(lines))
        except SyntaxError as error:
            place = (error.lineno or 0) - 1
            if not "".join(lines[place : place + 1]).startswith(MAGIC):
                raise
            lines[place] = ""


def names(code: str) -> str:
    """The names that a cell gives, but for those of one letter, as HTML."""
    found = []
    for part in tree_of(code).body:
        if isinstance(part, ast.Assign):
            found += [target.id for target in part.targets if isinstance(target, ast.Name)]
        elif isinstance(part, (ast.FunctionDef, ast.ClassDef)):
            found.append(part.name)
    return ", ".join(f'<code class="docutils literal notranslate">{name}</code>' for name in found if len(name) > 1)


def quote_message(card: nodes.section) -> None:
    """Quote, below the title of a mistake, the message that its reader has met, and may have searched for."""
    for cell in cells(card):
        if re.search("except|catch_warnings", source(cell)) and (text := message(printed(cell))):
            quote = nodes.literal("", text, classes=["notranslate"])
            card.insert(1, nodes.paragraph("", "", quote, classes=["message"]))
            return


def message(text: str) -> str:
    """The words of an error or a warning in what a cell prints, up to the line that ends a sentence."""
    said = (part for part in text.strip().split("\n\n") if not part.startswith(WRAPPER))
    lines = next(said, "").splitlines()
    while len(lines) > 1 and len(lines[0]) < MESSAGE:
        del lines[0]
    end = next((number for number, line in enumerate(lines, 1) if line.endswith(".")), len(lines))
    return " ".join(lines[:end])


def mark_assertions(app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Mark each line that asserts something, but in exercises, where nothing has been answered yet; leave out empty spans.

    The mark has no text, so that nobody copies or runs it.
    """
    if doctree is None or app.builder.format != "html":
        return
    mark = f'<span class="asserted" role="img" aria-label="{escape(_("checked when this page was built"))}"></span>'
    marked = CODE.sub(lambda cell: ASSERTION.sub(rf"\1{mark}", cell[0]), context["body"])
    context["body"] = WORD.sub(r"\1", BLOCK.sub(lambda code: in_few_spans(code[0]), marked))


def in_few_spans(code: str) -> str:
    """Code with a span for each stretch of a colour, and for what a phone sets otherwise: deep indents, long lines further in."""
    code = PIECE.sub(
        lambda name: NAMES.get(name[0], name[0]), COLOURLESS.sub(r"\1", code.replace("<span></span>", "", 1))
    )
    while code != (code := NEXT.sub(r"\1\3", code)):
        pass
    return INDENTED.sub(hang, DEEP.sub(r'<span class="deep">\g<0></span>', code))


def hang(line: re.Match) -> str:
    """A line with a span around what stands behind its indent, when a phone breaks it."""
    indent, code = line.groups()
    if len(indent + unescape(TAG.sub("", code))) <= FITS:
        return line[0]
    return f'{indent}<span class="in-{len(indent)}">{code}</span>'
