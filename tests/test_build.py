"""tools/build.py and tools/prepare.py when something is wrong: clear words, exit status not 0, nothing lost."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import pytest

import prepare
from support import LOCKED, ROOT, as_ordinary_user, change, run_tool, small_book, snapshot


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    folder = small_book(tmp_path_factory.mktemp("built") / "book")
    done = run_tool(folder, "build")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def folder(built, tmp_path):
    """A small book with its site, in a folder of its own."""
    copy = tmp_path / "book"
    subprocess.run(["cp", "-a", str(built), str(copy)], check=True)
    return copy


def site(folder):
    return folder / "_build" / "site"


def plain(page: bytes) -> bytes:
    """A page without the checksums that Sphinx puts behind the names of style sheets once they exist."""
    return re.sub(rb"\?v=\w+", b"", page)


def test_the_site_has_all_its_parts(built):
    files = snapshot(site(built))
    for name in (
        "index.html",
        "ko/one.html",
        "en/one.html",
        "ko/notebooks/one.ipynb",
        "en/pagefind/pagefind.js",
        ".nojekyll",
    ):
        assert name in files
    assert not [name for name in files if ".doctree" in name or name.endswith((".buildinfo", "unfinished"))]


def test_an_edit_reaches_the_page_and_an_unchanged_page_stays_the_same(folder):
    before = snapshot(site(folder))
    change(folder, "en", "one dot", "a single dot")
    done = run_tool(folder, "build")
    assert done.returncode == 0, done.stderr
    after = snapshot(site(folder))
    assert b"a single dot" in after["en/one.html"]
    changed = {name for name in after if plain(after[name]) != plain(before.get(name, b""))}
    expected = {"en/one.html", "en/notebooks/one.ipynb", "en/notebooks.zip"}
    assert {name for name in changed if "/pagefind/" not in name} == expected
    assert not any(name.startswith("ko/pagefind/") for name in changed)


@pytest.mark.parametrize(
    ("file", "old", "new", "published"),
    [
        ("theme/locale/ko/LC_MESSAGES/sphinx.po", '"맨 위로"', '"꼭대기로"', "ko/one.html"),
        ("theme/static/book.css", ".licence {", ".licence-changed {", "en/_static/edition.css"),
        ("theme/templates/page.html", 'class="page-row"', 'class="page-line"', "en/one.html"),
        ("book/images/dot.svg", 'r="4"', 'r="3"', "en/_images/dot.svg"),
    ],
)
def test_a_change_that_sphinx_does_not_see_reaches_the_site(folder, file, old, new, published):
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert run_tool(folder, "build").returncode == 0
    assert new.strip('"') in (site(folder) / published).read_text(encoding="utf-8")


def test_a_chapter_that_is_gone_leaves_no_page(folder):
    toc, two = folder / "_toc.yml", folder / "book" / "two.ipynb"
    contents = toc.read_text("utf-8")
    shutil.copy(folder / "book" / "one.ipynb", two)
    toc.write_text(contents + "  - file: book/two\n", "utf-8")
    assert run_tool(folder, "build").returncode == 0
    assert (site(folder) / "en" / "two.html").exists()
    two.unlink()
    toc.write_text(contents, "utf-8")
    assert run_tool(folder, "build").returncode == 0
    assert not list(site(folder).rglob("two*"))


def test_problems_in_the_sources_leave_the_site(folder):
    before = snapshot(site(folder))
    change(folder, "ko", "## ", "### ")
    done = run_tool(folder, "build")
    assert done.returncode == 1
    assert "book/one.ipynb, cell 4 (part-ko): its heading levels [3] differ from [2]" in done.stderr
    assert "The site was not replaced." in done.stderr
    assert snapshot(site(folder)) == before


def test_a_warning_of_jupyter_book_is_an_error_each_time(folder):
    before = snapshot(site(folder))
    for language in ("ko", "en"):
        change(folder, language, "$$\nc_t = f_t\n$$", "$$\nc_t = f_t\n$$\n\n[gone]: <>\n\n[x][nowhere] [y](#nowhere)")
    checks = folder / "tools" / "check.py"  # let through what the cut would refuse
    checks.write_text(checks.read_text("utf-8").replace("yield from check_link(book, where, link)", "pass"), "utf-8")
    for _ in range(2):  # Sphinx itself would forget the warning the second time
        done = run_tool(folder, "build")
        assert done.returncode == 1
        assert "Edition 'ko' was refused" in done.stderr and "book/one.ipynb" in done.stderr
        assert "WARNING" in done.stderr and "Traceback" not in done.stderr
        assert snapshot(site(folder)) == before


@pytest.mark.skipif(os.name != "posix", reason="kills a process group")
@pytest.mark.parametrize("after", [0.5, 1.5, 2.5, 3.5])
def test_killed_in_the_middle_then_run_again(folder, built, after):
    change(folder, "en", "one dot", "a single dot")
    build = subprocess.Popen(
        [sys.executable, str(folder / "tools" / "build.py")], start_new_session=True, stdout=subprocess.DEVNULL
    )
    time.sleep(after)
    os.killpg(build.pid, signal.SIGKILL)
    build.wait()
    for name in ("ko/index.html", "en/one.html"):
        assert (site(folder) / name).read_bytes().rstrip().endswith(b"</html>")
    done = run_tool(folder, "build")
    assert done.returncode == 0, done.stderr
    fresh, old = snapshot(site(folder)), snapshot(site(built))
    assert fresh.keys() == old.keys()
    assert b"a single dot" in fresh["en/one.html"]


def test_two_builds_at_once_take_turns(folder):
    change(folder, "en", "one dot", "a single dot")
    command = [sys.executable, str(folder / "tools" / "build.py")]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) for _ in range(2)]
    said = [process.communicate()[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert "a single dot" in (site(folder) / "en" / "one.html").read_text(encoding="utf-8")
    assert not list((folder / "_build").glob("site.*"))


def test_killed_between_the_two_renames(folder):
    before = snapshot(site(folder))
    site(folder).rename(folder / "_build" / "site.old")
    change(folder, "ko", "## ", "### ")  # so that this run builds nothing
    run_tool(folder, "build")
    assert snapshot(site(folder)) == before


def test_half_a_page_left_by_a_killed_build_is_built_again(folder):
    page = folder / "_build" / "editions" / "en" / "_build" / "html" / "one.html"
    whole = page.read_bytes()
    page.write_bytes(whole[:500])
    (folder / "_build" / "editions" / "en" / "_build" / "unfinished").touch()
    assert run_tool(folder, "build").returncode == 0
    assert (site(folder) / "en" / "one.html").read_bytes() == whole


@pytest.mark.skipif(as_ordinary_user() is None, reason=LOCKED)
def test_a_read_only_output_folder(folder):
    before = snapshot(site(folder))
    change(folder, "en", "one dot", "a single dot")
    (folder / "_build").chmod(0o555)
    try:
        done = run_tool(folder, "build", before=as_ordinary_user())
    finally:
        (folder / "_build").chmod(0o755)
    assert done.returncode == 1
    assert "Permission denied" in done.stderr and "make the folder writable" in done.stderr
    assert "Traceback" not in done.stderr
    assert snapshot(site(folder)) == before


@pytest.mark.skipif(os.name != "posix", reason="needs a limit on the size of files")
def test_a_full_disk(folder):
    before = snapshot(site(folder))
    change(folder, "en", "one dot", "a single dot " * 4000)
    limit = "import resource, sys, runpy; resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000)); "
    program = f"{limit} sys.argv = ['build']; runpy.run_path('tools/build.py', run_name='__main__')"
    environment = {**os.environ, "PYTHONPATH": str(folder / "tools"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, env=environment)
    assert done.returncode == 1
    assert "File too large" in done.stderr and "The site was not replaced." in done.stderr
    assert snapshot(site(folder)) == before


def test_a_jupyter_book_that_cannot_be_loaded(folder):
    before = snapshot(site(folder))
    (folder / "tools" / "pages.py").write_text("raise ImportError('no furo here')")
    done = run_tool(folder, "build")
    assert done.returncode == 1
    assert "no furo here" in done.stderr and "Jupyter Book could not be loaded" in done.stderr
    assert snapshot(site(folder)) == before


@pytest.mark.parametrize(
    ("pagefind", "words"),
    [
        ("def get_executable(): raise FileNotFoundError", "Pagefind is missing. Remove .venv"),
        ("def get_executable(): return '/bin/false'", "Pagefind could not index edition 'ko'"),
    ],
)
def test_a_search_index_that_cannot_be_made(folder, pagefind, words):
    before = snapshot(site(folder))
    change(folder, "en", "one dot", "a single dot")
    (folder / "tools" / "pagefind_bin.py").write_text(pagefind)  # found before the real one
    done = run_tool(folder, "build")
    assert done.returncode == 1
    assert words in done.stderr and "The site was not replaced." in done.stderr and "Traceback" not in done.stderr
    assert snapshot(site(folder)) == before


def test_plain_jupyter_book_builds_both_languages_without_warnings(tmp_path):
    from benchmark import copy_project

    folder = copy_project(tmp_path / "plain")
    command = [
        sys.executable,
        "-c",
        "from jupyter_book.cli.main import main; main()",
        "build",
        ".",
        "-W",
        "-n",
        "--keep-going",
    ]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    page = (folder / "_build" / "html" / "book" / "lstm.html").read_text(encoding="utf-8")
    assert "무엇이 돌아오는가" in page and "What comes back" in page and "katex-mathml" in page


# -- set-up -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path, monkeypatch):
    for name in ("requirements.in", "requirements.txt"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    monkeypatch.setattr(prepare, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(prepare, "PYTHON", tmp_path / ".venv" / "bin" / "python")
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
    with pytest.raises(
        prepare.PrepareError, match=r"Python is 3\.14.*Install Python 3\.10, 3\.11, 3\.12, 3\.13.*Nothing was"
    ):
        prepare.prepare("site")
    assert not (project / ".venv").exists()


def test_a_supported_python_beside_an_unsupported_one_is_taken(project, monkeypatch):
    new, old = fake_python(project, "python3", "3.14"), fake_python(project, "python3.12", "3.12")
    monkeypatch.setenv("PATH", str(project))
    monkeypatch.setattr(sys, "executable", str(new))
    assert prepare.supported_python() == str(old)


def test_a_python_that_is_named_is_not_replaced(project):
    with pytest.raises(prepare.PrepareError, match="not usable"):
        prepare.supported_python(str(project / "missing"))


def test_no_network_at_the_first_set_up(project):
    """The real script, with package indexes that do not answer: a sentence, no half-made environment that counts."""
    (project / "tools").mkdir()
    (project / "tools" / "prepare.py").write_bytes((ROOT / "tools" / "prepare.py").read_bytes())
    nowhere = "http://127.0.0.1:9/simple"
    settings = {"PIP_INDEX_URL": nowhere, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_CACHE_DIR": "1", "PIP_FIND_LINKS": "",
                "PIP_EXTRA_INDEX_URL": ""}  # fmt: skip
    done = run_tool(project, "prepare", "site", env=settings)
    assert done.returncode == 1
    assert "The installer uv could not be downloaded. Is this machine on the network?" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (project / ".venv" / "site.ready").exists()


def test_every_group_of_requirements_is_pinned():
    pins = {line.partition("==")[0] for line in (ROOT / "requirements.txt").read_text().splitlines() if "==" in line}
    for purpose in ("site", "pdf", "run", "binder", "test", "tools"):
        names = [re.match(r"[\w.-]+", line)[0] for line in prepare.group(purpose)]
        assert names and set(names) <= pins


# -- looking at it ----------------------------------------------------------------------------------------------------


def test_serve_shows_the_site_to_this_machine_only_and_follows_changes(folder):
    server = subprocess.Popen(
        [sys.executable, "-u", str(folder / "tools" / "serve.py"), "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )

    watchdog = threading.Timer(300, server.kill)  # a server that says nothing must not hold up the tests
    watchdog.start()

    def wait_for(words: str) -> str:
        for line in server.stdout:
            if words in line:
                return line
        raise AssertionError(f"serve ended before it said '{words}'")

    try:
        address = wait_for("http://").split()[0]
        assert address.startswith("http://127.0.0.1:")

        def page() -> str:
            with urllib.request.urlopen(f"{address}en/one.html") as answer:
                return answer.read().decode()

        assert 'lang="en"' in page()
        change(folder, "en", "one dot", "a single dot")
        wait_for("Built again")
        assert "a single dot" in page()
        change(folder, "en", "## ", "### ")
        wait_for("The site was not replaced.")
        assert "a single dot" in page()
        change(folder, "en", "### ", "## ")
        wait_for("Built again")
        server.send_signal(signal.SIGINT)
        assert server.wait() == 0
    finally:
        watchdog.cancel()
        server.kill()
        server.wait()


def test_serve_says_when_the_port_is_taken(built):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run_tool(built, "serve", str(port))
    assert done.returncode == 1 and f"Port {port} is taken" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("port", ["many", "70000"])
def test_serve_says_what_a_port_is(built, port):
    done = run_tool(built, "serve", port)
    assert done.returncode == 1 and f"'{port}' is not a port" in done.stderr


def test_serve_says_when_there_is_nothing_to_show(tmp_path):
    folder = small_book(tmp_path / "book")
    change(folder, "en", "## ", "### ")
    done = run_tool(folder, "serve", "0")
    assert done.returncode == 1
    assert "its heading levels" in done.stderr and "no older site" in done.stderr


@pytest.mark.skipif(shutil.which("ps") is None, reason="needs ps")
def test_nothing_is_left_running(built):
    """Neither Jupyter Book nor Node outlives a build."""
    assert run_tool(built, "build").returncode == 0
    left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
    assert not [line for line in left.splitlines() if str(built) in line]
