"""Which figures there are, and whether the files are what the code draws."""

import re
import shutil
import subprocess
import sys

import pytest

from figures import catalogue, stale, unused
from figures.catalogue import Trouble, figure
from figures.errors import FigureError
from figures.vocabulary import Drawing
from support import ROOT

IMAGES = ROOT / "book" / "images"
NEW = '''"""New figures."""

from .canvas import Point
from .catalogue import figure
from .vocabulary import Drawing


@figure("new-one", "A gate", "x_t goes in, f_t comes out.")
def gate() -> Drawing:
    d = Drawing()
    box = d.gate(Point(0, 0), r"\\sigma")
    d.inputs([box], "x_t")
    d.wire(box.top(), box.top().moved(up=0.6), role="gate")
    return d
'''


@pytest.fixture
def images(tmp_path):
    return shutil.copytree(IMAGES, tmp_path / "images")


@pytest.fixture
def project(tmp_path):
    """A copy of what draws figures, to draw there."""
    for folder in ("figures", "book/images"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "_toc.yml", tmp_path)
    return tmp_path


def run(folder, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "figures", *arguments], cwd=folder, capture_output=True, text=True)


def ask(folder, question: str) -> str:
    program = f"import figures; from pathlib import Path; print({question})"
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


# --- which figures there are -----------------------------------------------------------------------------------------


def test_a_figure_names_its_code():
    assert catalogue()["lstm-cell"].source == catalogue()["lstm-forget-gate"].source == "figures/cells.py"
    assert catalogue()["map-gru"].source == "figures/book_map.py"


def test_a_new_module_is_found(project):
    (project / "figures" / "novelties.py").write_text(NEW, "utf-8")
    assert "new-one.svg', what='is missing, though figures/novelties.py draws it'" in ask(
        project, "figures.stale(Path('book/images'))"
    )
    done = run(project)
    assert (
        done.returncode == 0
        and f"drawn: book/images/new-one.svg\n{len(catalogue()) + 1} figures, 1 changed" in done.stdout
    )
    assert (project / "book" / "images" / "new-one.svg").exists()
    assert ask(project, "figures.stale(Path('book/images'))") == "[]\n"


def test_two_figures_of_one_name_are_refused():
    with pytest.raises(FigureError, match="Two figures have the name lstm-cell, in figures/cells.py and in .*test_cat"):

        @figure("lstm-cell", "", "")
        def again() -> Drawing:
            return Drawing()


def test_the_example_of_the_guide_draws(project):
    guide = re.search(r"\n    @figure.*?return d\n", (project / "figures" / "__init__.py").read_text("utf-8"), re.S)[0]
    code = guide.replace("\n    ", "\n").replace("\\\\", "\\")
    imports = "from .canvas import Point\nfrom .catalogue import figure\nfrom .vocabulary import Drawing\n"
    (project / "figures" / "guide.py").write_text(imports + code, "utf-8")
    assert "drawn: book/images/lstm-gate.svg" in run(project).stdout


# --- whether files are as they should be -----------------------------------------------------------------------------


def test_committed_files_are_what_the_code_draws():
    assert stale(IMAGES) == []


def test_drawing_twice_gives_the_same():
    for name, drawn in catalogue().items():
        assert drawn.svg() == drawn.svg(), name


def test_files_that_differ_are_missing_or_made_by_hand_are_found(images):
    (images / "gru-cell.svg").unlink()
    path = images / "lstm-cell.svg"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (images / "hand-made.svg").write_text("<svg/>")
    (images / "photo.png").write_bytes(b"")
    (images / ".DS_Store").write_bytes(b"")
    remedy = "Draw it with code in figures/, see figures/__init__.py, or remove it."
    assert stale(images) == [
        Trouble("gru-cell.svg", "is missing, though figures/cells.py draws it", "Draw the figures: make figures."),
        Trouble("lstm-cell.svg", "is not what figures/cells.py draws", "Draw the figures: make figures."),
        Trouble("hand-made.svg", "no code draws it", remedy),
        Trouble("photo.png", "no code draws it", remedy),
    ]


def test_a_folder_that_is_missing_lacks_every_figure(tmp_path):
    assert len(stale(tmp_path / "images")) == len(catalogue())


def test_a_figure_whose_code_fails_does_not_hide_the_others(project):
    (project / "figures" / "novelties.py").write_text(NEW.replace("Point(0, 0)", "Point(0, 1 / 0)"), "utf-8")
    (project / "book" / "images" / "gru-cell.svg").unlink()
    answer = ask(project, "figures.stale(Path('book/images'))")
    assert (
        "figures/novelties.py cannot draw it: ZeroDivisionError: division by zero" in answer
        and "gru-cell.svg" in answer
    )


def test_a_new_text_is_found_until_the_figures_are_drawn(project):
    (project / "figures" / "novelties.py").write_text(NEW.replace('"x_t"', '"q_t"'), "utf-8")
    answer = ask(project, "figures.stale(Path('book/images'))")
    assert "figures/typeset.json', what='lacks texts of figures: $q_t$'" in answer
    assert "figures/typeset.json" in run(project, "new-one").stdout
    assert ask(project, "figures.stale(Path('book/images'))") == "[]\n"
    (project / "figures" / "novelties.py").unlink()
    (project / "book" / "images" / "new-one.svg").unlink()
    answer = ask(project, "figures.stale(Path('book/images'))")
    assert "figures/typeset.json', what='has texts of no figure: $q_t$'" in answer
    run(project)
    assert (project / "figures" / "typeset.json").read_bytes() == (ROOT / "figures" / "typeset.json").read_bytes()


def test_a_module_that_cannot_be_read_is_told(project):
    (project / "figures" / "novelties.py").write_text("def", "utf-8")
    assert "cannot be read: SyntaxError: " in ask(project, "figures.stale(Path('book/images'))")


def test_figures_that_nobody_shows_are_named():
    (only,) = unused(catalogue().keys() - {"gru-cell"})
    assert only == Trouble(
        "gru-cell.svg", "no chapter shows it", "Show it in a chapter, or remove its function from figures/cells.py."
    )


# --- the command -----------------------------------------------------------------------------------------------------


def test_what_was_drawn_is_said(project):
    assert run(project).stdout == f"{len(catalogue())} figures, 0 changed; all of them: _build/gallery.html\n"
    (project / "elsewhere.svg").write_text("<svg/>")
    (project / "book" / "images" / "lstm-cell.svg").unlink()
    (project / "book" / "images" / "lstm-cell.svg").symlink_to("../../elsewhere.svg")
    (project / "book" / "images" / "mine.svg").write_text("<svg/>")
    assert run(project).stdout.splitlines() == [
        "drawn: book/images/lstm-cell.svg",
        "mine.svg: no code draws it. Draw it with code in figures/, see figures/__init__.py, or remove it.",
        f"{len(catalogue())} figures, 1 changed; all of them: _build/gallery.html",
    ]
    assert (project / "book" / "images" / "lstm-cell.svg").is_symlink(), "it is the file behind a link that is drawn"
    assert run(project, "gru-cell", "lstm-cell").stdout.startswith("2 figures, 0 changed")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"x_t"', '"x_"', "The formula $x_$ cannot be set: found end of text"),
        ('role="gate"', 'role="gates"', "No colour stands for 'gates'. Those that mean something: "),
    ],
)
def test_nothing_is_written_when_one_figure_cannot_be_drawn(project, old, new, words):
    (project / "figures" / "novelties.py").write_text(NEW.replace(old, new), "utf-8")
    (project / "book" / "images" / "lstm-cell.svg").write_text("<svg/>")
    done = run(project)
    assert done.returncode == 1 and done.stderr.startswith(f"new-one in figures/novelties.py cannot be drawn. {words}")
    assert done.stderr.endswith("Nothing was written.\n") and len(done.stderr.splitlines()) == 1
    assert (project / "book" / "images" / "lstm-cell.svg").read_text() == "<svg/>"


@pytest.mark.parametrize(
    ("argument", "sentence"),
    [
        ("lstm-sell", "No figure is named lstm-sell; did you mean lstm-cell"),
        ("zzz", f"No figure is named zzz; there are {next(iter(catalogue()))}, "),
        ("--check gru-cell", "--check looks at all figures, and takes no name; see python -m figures --help."),
        ("--all", "Unrecognized arguments: --all; see python -m figures --help."),
    ],
)
def test_an_unknown_figure_or_option_is_one_sentence(argument, sentence):
    done = run(ROOT, *argument.split())
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith(sentence) and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("file", ["_toc.yml", "figures/typeset.json"])
def test_a_file_that_cannot_be_read_is_one_sentence(project, file):
    (project / file).write_text("chapters: [")
    done = run(project)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1
    assert (
        f"{file.rpartition('/')[2]}" in done.stderr and "cannot be read" in done.stderr and "estore it" in done.stderr
    )
    assert ask(project, "len(figures.stale(Path('book/images')))") == "1\n"


def test_a_file_that_cannot_be_written_is_one_sentence_and_leaves_no_draft(project):
    (project / "book" / "images" / "lstm-cell.svg").unlink()
    (project / "book" / "images" / "lstm-cell.svg").mkdir()
    before = sorted(project.rglob("*"))
    assert run(project, "--check").stderr == "lstm-cell.svg: cannot be read: Is a directory. Restore it.\n"
    done = run(project)
    assert done.returncode == 1 and done.stderr.startswith("[Errno 21] Is a directory: ")
    assert done.stderr.endswith("\nMake room or make the folder writable, then draw again: make figures.\n")
    assert [path for path in sorted(project.rglob("*")) if path not in before and "__pycache__" not in path.parts] == []


@pytest.mark.parametrize("arguments", [[], ["--check"]])
def test_without_its_package_it_says_what_to_do(arguments):
    """-S hides the packages of this Python, as that of a machine has none."""
    done = subprocess.run([sys.executable, "-S", "-m", "figures", *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1, done.stderr
    assert "PyYAML, which reads it, is not installed. Draw the figures: make figures." in done.stderr


def test_looking_draws_nothing(project):
    done = run(project, "--check")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    path = project / "book" / "images" / "lstm-cell.svg"
    path.write_text("<svg/>")
    done = run(project, "--check")
    assert done.returncode == 1 and path.read_text() == "<svg/>"
    assert done.stderr == "lstm-cell.svg: is not what figures/cells.py draws. Draw the figures: make figures.\n"


def test_help_says_what_is_drawn_where():
    done = run(ROOT, "--help")
    assert done.returncode == 0 and "book/images/" in done.stdout and "_build/gallery.html" in done.stdout


def test_the_gallery_shows_every_figure(project):
    run(project, "gru-cell")
    page = (project / "_build" / "gallery.html").read_text("utf-8")
    assert all(page.count(f"images/{name}.svg") == 4 for name in catalogue())
