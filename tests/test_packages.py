"""Setting up .venv: what is refused, and that everything is pinned."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from builder import packages
from builder.messages import Refused
from support import ROOT, run_apart, run_builder, small_book

if sys.version_info < (3, 11):
    import tomli as tomllib  # pytest brings it
else:
    import tomllib


@pytest.fixture
def project(tmp_path):
    for name in ("pyproject.toml", "requirements.txt"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


def fake_python(folder, name, version):
    path = folder / name
    path.write_text(f"#!/bin/sh\necho {version.replace('.', ' ')}\n")
    path.chmod(0o755)
    return path


def test_an_unsupported_python_is_refused_before_anything_is_downloaded(project, monkeypatch):
    new = fake_python(project, "python3.14", "3.14")
    monkeypatch.setenv("PATH", str(project))
    monkeypatch.setattr(sys, "executable", str(new))
    with pytest.raises(Refused, match=r"Python is 3\.14.*Install Python 3\.10, 3\.11, 3\.12, 3\.13.*Nothing was"):
        packages.install(project, "site")
    assert not (project / ".venv").exists()


def test_a_supported_python_beside_an_unsupported_one_is_taken(project, monkeypatch):
    new, old = fake_python(project, "python3", "3.14"), fake_python(project, "python3.12", "3.12")
    monkeypatch.setenv("PATH", str(project))
    monkeypatch.setattr(sys, "executable", str(new))
    assert packages.supported_python() == str(old)


def test_a_python_that_is_named_is_not_replaced(project):
    with pytest.raises(Refused, match="not usable"):
        packages.supported_python(str(project / "missing"))


def test_no_network_at_the_first_set_up(project):
    """With package indexes that do not answer: a sentence, no half-made environment that counts."""
    nowhere = "http://127.0.0.1:9/simple"
    settings = {"PIP_INDEX_URL": nowhere, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1", "PIP_FIND_LINKS": "",
                "PIP_EXTRA_INDEX_URL": ""}  # fmt: skip
    command = [sys.executable, "-m", "builder", "install", "site", "--root", str(project)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, **settings})
    assert done.returncode == 1
    assert "The installer uv could not be downloaded. Is this machine on the network?" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project / ".venv" / "site.ready").exists()


MACHINES = {
    "Darwin x86_64 - macosx-13.0-x86_64": "Macs with an Intel processor",
    "Darwin x86_64 - macosx-10.13-universal2": "take one for arm64",
    "Darwin arm64 - macosx-11.0-arm64": None,
    "Windows ARM64 - win-arm64": "Install Python for x86-64",
    "Windows ARM64 - win-amd64": None,
    "Windows AMD64 - win-amd64": None,
    "Windows AMD64 - win32": "64 bits",
    "Linux x86_64 glibc linux-x86_64": None,
    "Linux aarch64 glibc linux-aarch64": None,
    "Linux x86_64 - linux-x86_64": "Alpine",
    "Linux i686 glibc linux-i686": "64 bits",
    "Linux armv7l glibc linux-armv7l": "64 bits",
}


@pytest.mark.parametrize(("machine", "words"), MACHINES.items(), ids=MACHINES)
def test_a_machine_for_which_packages_are_missing_is_told_so(monkeypatch, tmp_path, machine, words):
    """The network is not to blame there."""
    interpreter = packages.python_of(tmp_path / ".venv")
    interpreter.parent.mkdir(parents=True)
    interpreter.touch()
    for name in ("pyproject.toml", "requirements.txt"):
        (tmp_path / name).touch()

    def run(command, **options):
        failed = "install" in command
        return subprocess.CompletedProcess(command, int(failed), stdout=f"{machine}\n")

    monkeypatch.setattr(packages.subprocess, "run", run)
    with pytest.raises(Refused, match=words or "on the network") as refusal:
        packages.install(tmp_path, "everything")
    assert ("network" in str(refusal.value)) == (words is None)


def test_this_machine_has_all_packages():
    assert packages.missing_for(Path(sys.executable)) is None


def test_every_package_has_the_hashes_of_its_files():
    """So pip and uv install nothing else, for the site and for Binder too."""
    for name in packages.LOCKS:
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.findall(r"^[\w.-]+==.*", text, re.M)
        assert len(pins) == len(re.findall(r"^[\w.-]+==.*\\\n +--hash=sha256:", text, re.M)) > 50, name


@pytest.mark.parametrize("fails", [None, *packages.LOCKS])
def test_both_files_of_versions_are_replaced_or_none(project, monkeypatch, fails):
    (project / ".binder").mkdir()
    for name in packages.LOCKS:
        (project / name).write_text("old")

    def compile(command, cwd, **options):
        name = command[command.index("-o") + 1]
        (cwd / name).write_text("new")
        return subprocess.CompletedProcess(command, int(name == fails))

    monkeypatch.setattr(packages.subprocess, "run", compile)
    done = run_builder(project, "lock")
    assert done.returncode == int(fails is not None)
    assert not fails or done.stderr.startswith(f"{fails} was not written") and "The old versions stay." in done.stderr
    assert {(project / name).read_text() for name in packages.LOCKS} == {"old" if fails else "new"}


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("requirements.txt", lambda root: packages.pinned(root, "uv")),
        ("requirements.txt", lambda root: packages.install(root, "site")),
        ("pyproject.toml", lambda root: packages.install(root, "site")),
        ("pyproject.toml", packages.lock),
    ],
)
def test_a_file_in_other_letters_is_named(project, name, call):
    """PowerShell's > writes UTF-16."""
    (project / name).write_text((project / name).read_text("utf-8"), "utf-16")
    with pytest.raises(Refused, match=f"^{name}: cannot be read"):
        call(project)


def test_the_installer_is_pinned_and_nothing_else_is_read():
    assert re.fullmatch(
        r"uv==[\d.]+ \\\n( +--hash=sha256:[0-9a-f]{64}( \\)?\n)+( +#.*\n)*", packages.pinned(ROOT, "uv")
    )
    with pytest.raises(Refused, match="does not pin nothing-like-it"):
        packages.pinned(ROOT, "nothing-like-it")


def brought_by(group: str) -> set[str]:
    """The packages of a group of pyproject.toml and all that they need here, as those that are installed say it."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]

    def lines(group: str) -> list[str]:
        return [
            line for one in groups[group] for line in ([one] if isinstance(one, str) else lines(one["include-group"]))
        ]

    found, waiting = set(), [(Requirement(line), "") for line in lines(group)]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        for one in ["", *requirement.extras]:
            if (name := canonicalize_name(requirement.name), one) not in found:
                found.add((name, one))
                waiting += [(Requirement(line), one) for line in metadata.requires(name) or []]
    return {name for name, _ in found}


@pytest.mark.parametrize("group", ["site", "figures", "lint", "check"])
def test_who_changes_words_or_figures_waits_for_no_tensorflow(group):
    assert not {"tensorflow", "tensorflow-cpu", "keras"} & brought_by(group)


def test_what_a_package_needs_is_followed():
    assert {"jupyter-book", "sphinx", "docutils"} <= brought_by("site")


# Packages that are imported by these names, and that only a larger group than `site` brings.
BEYOND_SITE = ["matplotlib", "nbval", "playwright", "pypandoc", "pypdf", "pytest", "tensorflow", "typst"]


def test_the_site_is_built_with_what_its_group_installs(tmp_path):
    for name in BEYOND_SITE:
        (tmp_path / f"{name}.py").write_text(f"raise ImportError('{name} is not in the group site')")
    folder = small_book(tmp_path / "book")
    done = run_apart(folder, "site", env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 0, done.stderr
