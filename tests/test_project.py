"""Rules about the repository as a whole: prose against outputs, one list of versions, pinned actions, both READMEs."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml

from builder import packages
from support import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


def tracked() -> list[Path]:
    names = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True)
    return [ROOT / name for name in names.stdout.splitlines() if (ROOT / name).is_file()]


@pytest.mark.parametrize("arguments", [["check"], ["format", "--check"]], ids=" ".join)
def test_python_in_files_and_notebooks_is_clean(arguments):
    done = subprocess.run([sys.executable, "-m", "ruff", *arguments, "."], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, f"{done.stdout}\nRun 'make lint'."


def test_a_git_hook_may_call_the_tests(tmp_path):
    """A hook names its repository in GIT_DIR, for all that it calls."""
    made = tmp_path / "made"
    program = "import subprocess, sys, conftest; sys.exit(subprocess.call(['git', 'init', '--quiet', sys.argv[1]]))"
    environment = {**os.environ, "GIT_DIR": str(tmp_path / "elsewhere")}
    done = subprocess.run(
        [sys.executable, "-c", program, made], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0 and list(tmp_path.iterdir()) == [made] and (made / ".git").is_dir(), done.stderr


def test_versions_stand_in_one_place():
    """Only requirements.txt pins packages."""
    for path in tracked():
        if path.suffix in (".md", ".yml", ".toml", ".py", ".cfg") or path.name in ("Makefile", "run"):
            for line in path.read_text(encoding="utf-8").splitlines():
                assert not re.search(r"\b[a-z][\w-]+==\d", line) or "uv==1.2.3" in line, f"{path.name}: {line}"


def test_the_supported_pythons_are_the_same_everywhere():
    """builder/packages.py is the list; the READMEs and the workflow repeat its ends."""
    first, last = (".".join(map(str, version)) for version in (packages.SUPPORTED[0], packages.SUPPORTED[-1]))
    for name in ("README.md", "README.ko.md"):
        assert re.search(rf"{re.escape(first)}\D+{re.escape(last)}", (ROOT / name).read_text(encoding="utf-8")), name
    matrix = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())["jobs"]["test"]["strategy"]["matrix"]
    assert (matrix["python"][0], matrix["python"][-1]) == (first, last)


@pytest.mark.chapters
def test_tensorflow_is_the_pinned_one():
    found = {version("tensorflow-cpu") if sys.platform != "darwin" else version("tensorflow")}
    pinned = re.findall(r"^tensorflow(?:-cpu)?==([\w.]+) ", (ROOT / "requirements.txt").read_text(), re.M)
    assert found == set(pinned)


def test_katex_style_sheet_has_the_version_that_renders():
    """Another version would set subscripts in the wrong size."""
    from sphinxcontrib.katex import katex_version

    css = (ROOT / "theme" / "static" / "katex" / "katex.min.css").read_text(encoding="utf-8")
    assert f'content:"{katex_version}"' in css


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_are_pinned_and_read_only(path):
    text = path.read_text(encoding="utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    uses = re.findall(r"uses: (.*)", text)
    assert uses
    for action in uses:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d[\w.]*", action), action


def test_people_and_ci_call_the_same_commands():
    text = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    assert re.search(r"run: make site\b", text) and re.search(r"run: make test\b", text)
    assert re.search(r"^make test\b", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.M)


def test_the_two_readmes_have_the_same_commands_and_parts():
    english, korean = ((ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "README.ko.md"))
    blocks = [re.findall(r"^```.*?^```", text, re.M | re.S) for text in (english, korean)]
    assert [[line.partition("#")[0].rstrip() for line in block.splitlines()] for block in blocks[0]] == [
        [line.partition("#")[0].rstrip() for line in block.splitlines()] for block in blocks[1]
    ]
    assert len(re.findall(r"^#+ ", english, re.M)) == len(re.findall(r"^#+ ", korean, re.M))
    assert "README.ko.md" in english and "README.md" in korean


def test_every_make_target_that_the_readme_names_exists():
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for path in ROOT.glob("*.md"):
        for target in re.findall(r"\bmake ([a-z]+)\b", path.read_text(encoding="utf-8")):
            if target not in ("sure", "a", "the", "it", "them"):
                assert target in targets, f"{path.name}: make {target}"


def test_links_between_project_files_resolve():
    for path in ROOT.glob("*.md"):
        prose = re.sub(r"^```.*?^```|`[^`\n]*`", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", prose):
            if page := re.fullmatch(r"\.\./\.\./actions/(workflows/\w+\.yml)(/badge\.svg)?", target):
                target = f".github/{page[1]}"  # pages that GitHub makes, in whichever repository the file is read
            assert (ROOT / target).exists(), f"{path.name}: {target}"


# What the programs keep in a browser, and how SECURITY.md calls it; furo keeps the colours.
KEPT = {
    "language": "the chosen language",
    "theme": "colours",
    "read": "which chapters they have read",
    "place": "where they stopped",
    "predict": "whether shapes are guessed first",
    "answers": "which exercises are answered",
    "review": "how far the review cards are",
    "python-": "the Python that has been loaded",
}


def test_all_that_a_browser_keeps_of_a_reader_is_named():
    said = " ".join((ROOT / "SECURITY.md").read_text(encoding="utf-8").split())
    programs = [path for folder in ("live", "theme/static") for path in (ROOT / folder).rglob("*.js")]
    text = "".join(path.read_text(encoding="utf-8") for path in programs)
    calls = r"""(?:setItem\(|[^n] remember\(|caches\.open\(|REMEMBERED = )["`]([\w-]+)"""
    assert set(re.findall(calls, text)) == KEPT.keys()
    for words in KEPT.values():
        assert words in said, words
