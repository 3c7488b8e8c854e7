"""Landing: what the first page has beside its text: two ways into the book, the chapters with their signs, frequent questions.

The text alone, a table of chapters with links and a list of questions, is what a notebook and paper show.
"""

from __future__ import annotations

from html import escape

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.locale import get_translation

from . import chapters
from .figures import views

_ = get_translation("sphinx")

QUESTIONS = "which-question-brings-you-here"  # the section with the list of questions
RUN = "run-it-yourself"  # the section in which downloads are offered
MAP = "book-map"  # the figure with a sign for each chapter


def setup(app: Sphinx) -> None:
    app.connect("doctree-read", note_questions)
    app.connect("doctree-resolved", make_landing_page, priority=600)  # behind opening, which marks the purpose
    app.connect("html-page-context", offer)


def section(doctree: nodes.document, anchor: str) -> nodes.section | None:
    return next((one for one in doctree.findall(nodes.section) if anchor in one["ids"]), None)


def note_questions(app: Sphinx, doctree: nodes.document) -> None:
    """Keep the questions of the first page, for the search of every page."""
    found = section(doctree, QUESTIONS) if app.env.docname == app.config.root_doc else None
    if found is not None:
        links = found.findall(addnodes.pending_xref)
        app.env.metadata[app.env.docname]["questions"] = [
            (f"{link['reftarget']}.html#{link.get('reftargetid') or ''}", link.astext().replace("\N{WORD JOINER}", ""))
            for link in links
        ]


def make_landing_page(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    if app.builder.format != "html" or not app.config.book_edition or docname != app.config.root_doc:
        return
    lead = next((node for node in doctree.findall(nodes.paragraph) if "lead" in node["classes"]), None)
    if lead is not None and chapters.total(app):
        hero = lead.next_node(descend=False, siblings=True)  # the question, what answers it, and only then the ways on
        before = hero if isinstance(hero, nodes.figure) else lead
        before.parent.insert(before.parent.index(before) + 1, nodes.raw("", ways_in(app), format="html"))
    questions = section(doctree, QUESTIONS)
    if questions is not None:
        for listed in questions.findall(nodes.bullet_list):
            listed["classes"].append("questions")
    for table in list(doctree.findall(nodes.table)):
        show_chapters(app, doctree, table)


def ways_in(app: Sphinx) -> str:
    """Two ways into the book, and what was counted in it."""
    (_caption, first), *others = chapters.groups(app)
    links = [(first[0], _("Start with chapter 1: {}").format(first[0].name))]
    links += [(entries[0], _("I came with a question")) for _caption, entries in others[-1:]]
    facts = [app.env.metadata[one.page] for _caption, entries in chapters.groups(app) for one in entries]
    facts.append(app.env.metadata[app.config.root_doc])
    exercises, code = (sum(fact.get(kind, 0) for fact in facts) for kind in ("exercises", "code"))
    proof = _(
        "{} chapters, {} exercises with solutions, {} code cells. "
        "A test runs the cells again and compares the shapes, words and numbers that they print."
    ).format(chapters.total(app), exercises, code)
    buttons = "".join(f'<a href="{one.page}.html">{text}</a>' for one, text in links)
    again = escape(_("Continue: {}"))  # a third way, for who was here before: static/book.js
    return f'<p class="ways-in" data-again="{again}">{buttons}</p>\n<p class="proof">{escape(proof)}</p>\n'


def show_chapters(app: Sphinx, doctree: nodes.document, table: nodes.table) -> None:
    """Make a list with signs of a table that leads to all chapters; the signs are those of the map, cut apart."""
    known = {f"{one.page}.html": one for _caption, entries in chapters.groups(app) for one in entries}
    rows = [row.children for body in table.findall(nodes.tbody) for row in body]
    links = [row[0].next_node(nodes.reference) for row in rows]
    if [link and link.get("refuri") for link in links] != list(known):
        return
    figure = next((one for one in doctree.findall(nodes.figure) if f"figure-{MAP}" in one["ids"]), None)
    image = figure.next_node(nodes.image) if figure is not None else None
    signs = views(app, image) if image is not None else set()
    done: list[nodes.Node] = [nodes.raw("", '<ul class="chapter-cards">', format="html")]
    for (_first, *others), link, one in zip(rows, links, known.values()):
        done.append(nodes.raw("", "<li>", format="html"))
        if one.page in signs:
            sign = image.deepcopy()
            sign.update_all_atts({"alt": "", "view": f"#{one.page}"}, replace=True)
            done.append(sign)
        name = nodes.paragraph("", "", classes=["name"])
        name += [nodes.inline("", f"{one.number} ", classes=["number"])] if one.number else []
        name += link
        done += [name, *(child for other in others for child in other.children), nodes.raw("", "</li>", format="html")]
    done.append(nodes.raw("", "</ul>", format="html"))
    if {one.page for one in known.values()} <= signs:
        figure.parent.remove(figure)  # every part of it stands in the list
    table.parent.replace(table, done)


def offer(app: Sphinx, pagename: str, template: str, context: dict, doctree: nodes.document | None) -> None:
    """Hand the template the questions for its search, and of the first page the section where its downloads stand."""
    if not app.config.book_edition:
        return
    context["questions"] = app.env.metadata[app.config.root_doc].get("questions", [])[:5]
    if pagename == app.config.root_doc and doctree is not None and section(doctree, RUN) is not None:
        context["row_section"] = f'id="{RUN}"'
