"""make publish against a bare repository that stands in for GitHub; workflows; what is told when a weekly look fails."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from builder.github import domain_in, find_repository
from builder.messages import Refused
from builder.packages import names
from builder.publish import push
from builder.quality.matrix import ENTRIES
from builder.server import serve
from support import ROOT, run_apart, run_builder, small_book, snapshot

OWNER = {"GITHUB_REPOSITORY": "Owner/the-book", "GITHUB_SERVER_URL": "https://github.com"}
BRANCH = "refs/heads/gh-pages"


def git(folder: Path, *arguments: str, **options) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, **options)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A small book with pages that are no chapters, in a repository of its own, with its site built for an address."""
    folder = small_book(tmp_path_factory.mktemp("publish") / "내 book")
    shutil.copytree(ROOT / "live", folder / "live")
    for name in (".gitignore", ".gitattributes"):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / ".binder", folder / ".binder")
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", ".")
    git(folder, "-c", "user.name=a", "-c", "user.email=b", "commit", "-q", "-m", "first")
    done = run_builder(folder, "site", env=OWNER)
    assert done.returncode == 0, done.stderr
    for name in ("editions", "search"):  # three files of five, which each test would copy
        shutil.rmtree(folder / "_build" / name)
    return folder


@pytest.fixture
def folder(built, tmp_path) -> Path:
    """A copy of it whose remote ``origin`` is a bare repository."""
    copy = tmp_path / "book"
    subprocess.run(["cp", "-a", str(built), str(copy)], check=True)
    git(tmp_path, "init", "-q", "--bare", "github.git")
    git(copy, "remote", "add", "origin", str(tmp_path / "github.git"))
    (tmp_path / ".gitconfig").write_text("[core]\nautocrlf = true\nexcludesFile = ~/ignore\n")
    (tmp_path / "ignore").write_text(".*\nnotebooks\n")
    return copy


def publish(folder: Path, *arguments: str, **options) -> subprocess.CompletedProcess:
    """As on a machine whose git does not know its user, and has habits of its own."""
    nobody = {"HOME": str(folder.parent), "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "", "GIT_COMMITTER_NAME": ""}
    return run_apart(folder, "publish", *arguments, env={**nobody, **options.pop("env", {})}, **options)


def branches(remote: Path) -> dict[str, str]:
    """What the remote holds: branch -> commit."""
    lines = git(remote, "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return dict(line.split() for line in lines)


def published(remote: Path, folder: Path) -> dict[str, bytes]:
    """The files that somebody gets who clones the branch."""
    git(folder.parent, "clone", "-q", "-c", "core.autocrlf=false", "-b", "gh-pages", str(remote), str(folder))
    shutil.rmtree(folder / ".git")
    return snapshot(folder)


def refused(folder: Path, done: subprocess.CompletedProcess, before: dict[str, str]) -> str:
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert done.stderr.rstrip().endswith("Nothing was published.")
    assert branches(folder.parent / "github.git") == before
    return done.stderr


def test_the_branch_holds_the_site_its_notebooks_and_what_binder_needs(folder, tmp_path):
    done = publish(folder)
    assert done.returncode == 0, done.stderr
    assert "Branch gh-pages of origin holds the site now, 10 pages." in done.stdout
    files, site = published(tmp_path / "github.git", tmp_path / "clone"), snapshot(folder / "_build" / "site")
    assert {name: files[name] for name in site} == site
    assert {"ko/notebooks/one.ipynb", "en/notebooks/index.ipynb", ".nojekyll"} < files.keys()
    added = files.keys() - site.keys()
    assert added == {".binder/requirements.txt", ".binder/runtime.txt"}


def test_attributes_filters_and_a_sparse_checkout_change_no_byte(folder, tmp_path):
    """As ``nbstripout --install`` sets a filter, in a clone that has only some of its folders."""
    attributes = "*.ipynb filter=strip\n*.html text eol=crlf\n*.xml working-tree-encoding=UTF-16\n"
    (folder / ".git" / "info" / "attributes").write_text(attributes)
    git(folder, "config", "filter.strip.clean", "echo nothing")
    git(folder, "sparse-checkout", "set", "book", ".binder")
    git(folder, "config", "index.sparse", "true")
    (folder / ".binder" / ".DS_Store").write_bytes(b"\0\0\0\1Bud1\xff")
    (folder / ".binder" / ".ipynb_checkpoints").mkdir()
    (folder / ".binder" / "postBuild").write_bytes(b"#!/bin/sh\r\n# caf\xe9\n")
    done = publish(folder)
    assert done.returncode == 0, done.stderr
    files, site = published(tmp_path / "github.git", tmp_path / "clone"), snapshot(folder / "_build" / "site")
    assert {name: files[name] for name in site} == site
    binder = {name for name in files if name.startswith(".binder/")}
    assert binder == {f".binder/{name}" for name in ("postBuild", "requirements.txt", "runtime.txt")}
    for name in binder:
        assert files[name] == (folder / name).read_bytes()


def test_the_links_of_the_pages_lead_to_files_of_the_branch(folder, tmp_path):
    """Colab and Binder open OWNER/NAME/blob/BRANCH/FILE: branch and file are those that were pushed."""
    assert publish(folder).returncode == 0
    files = published(tmp_path / "github.git", tmp_path / "clone")
    for page in ("ko/one.html", "en/one.html"):
        text = files[page].decode()
        (colab,) = re.findall(r'href="https://colab\.research\.google\.com/github/Owner/the-book/blob/([^"]+)"', text)
        (binder,) = re.findall(r'href="https://mybinder\.org/v2/gh/Owner/the-book/([^"]+)"', text)
        branch, _, notebook = colab.partition("/")
        assert branch == "gh-pages" and notebook in files
        assert binder == f"gh-pages?labpath={notebook}"


def test_a_second_publication_replaces_the_first_and_keeps_no_history(folder, tmp_path):
    remote = tmp_path / "github.git"
    git(folder, "push", "-q", "origin", "main")
    assert publish(folder).returncode == 0
    first = branches(remote)
    assert publish(folder).returncode == 0
    assert branches(remote) == first  # the same site, the same commit
    (folder / "_build" / "site" / "en" / "old.html").write_text("gone the next time")
    assert publish(folder).returncode == 0
    (folder / "_build" / "site" / "en" / "old.html").unlink()
    page = folder / "_build" / "site" / "en" / "one.html"
    page.write_text(page.read_text("utf-8").replace("one dot", "a single dot"), "utf-8")
    assert publish(folder).returncode == 0
    assert branches(remote)["refs/heads/main"] == first["refs/heads/main"]
    assert branches(remote)[BRANCH] != first[BRANCH]
    assert git(remote, "rev-list", "--count", BRANCH) == "1"
    files = published(remote, tmp_path / "clone")
    assert b"a single dot" in files["en/one.html"] and "en/old.html" not in files


KEPT = {
    "CNAME": "Book.example.org\n",
    "google1234abcd.html": "google-site-verification: google1234abcd.html",
    "naver1234.html": "naver-site-verification: naver1234.html",
    ".well-known/security.txt": "Contact: mailto:a@example.org\n",
}


def put(remote: Path, folder: Path, files: dict[str, str]) -> None:
    """What GitHub's settings, or somebody by hand, commit to the branch."""
    git(folder.parent, "clone", "-q", "-b", "gh-pages", str(remote), str(folder))
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    git(folder, "add", "--force", ".")
    git(folder, "-c", "user.name=a", "-c", "user.email=b", "commit", "-q", "-m", "Create CNAME")
    git(folder, "push", "-q", "origin", "gh-pages")


def test_a_domain_and_proofs_of_ownership_stay_and_the_site_is_for_this_domain(folder, tmp_path):
    remote = tmp_path / "github.git"
    assert publish(folder).returncode == 0
    put(remote, tmp_path / "settings", {**KEPT, "en/old.html": "old", "note.txt": "no part of the site"})
    before = branches(remote)
    error = refused(folder, publish(folder), before)
    assert "built for https://owner.github.io/the-book/" in error and "published at https://book.example.org/" in error

    # As on GitHub: origin is the repository that the environment names, and its branch was fetched.
    git(folder, "config", "remote.origin.url", "https://github.com/Owner/the-book")
    done = run_builder(folder, "site", env=OWNER)
    assert done.returncode == 0, done.stderr
    git(folder, "config", "remote.origin.url", str(remote))
    site = folder / "_build" / "site"
    for name in ("sitemap.xml", "robots.txt", "index.html", "ko/one.html"):
        text = (site / name).read_text("utf-8")
        assert "https://book.example.org/" in text and "owner.github.io" not in text, name
    assert 'rel="canonical" href="https://book.example.org/ko/one.html"' in (site / "ko/one.html").read_text("utf-8")

    for clone in ("first", "second"):
        done = publish(folder)
        assert done.returncode == 0, done.stderr
        assert "It appears at https://book.example.org/" in done.stdout
        files = published(remote, tmp_path / clone)
        assert {name: files[name].decode() for name in KEPT} == KEPT
        assert not {"en/old.html", "note.txt"} & files.keys()
    assert git(remote, "rev-list", "--count", BRANCH) == "1"


def test_what_is_put_there_while_publishing_is_not_lost(folder, tmp_path, monkeypatch):
    remote = tmp_path / "github.git"
    assert publish(folder).returncode == 0
    make_commit = push.commit

    def meanwhile(*arguments):
        with (
            open(folder / "_build" / "lock") as lock,
            pytest.raises(BlockingIOError),
        ):  # a build of the site has to wait
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        put(remote, tmp_path / "settings", {"CNAME": "book.example.org"})
        return make_commit(*arguments)

    monkeypatch.setattr(push, "commit", meanwhile)
    monkeypatch.setenv("LC_ALL", "C")  # git speaks the reader's language
    with pytest.raises(Refused, match="stale info"):
        push.publish(folder, "origin")
    assert git(remote, "show", "gh-pages:CNAME") == "book.example.org"


@pytest.mark.parametrize(
    ("text", "domain"),
    [
        ("www.example.org\n", "www.example.org"),
        ("\ufeffBook.Example.org \r\n", "book.example.org"),
        ("책.example.org", None),
        ("xn--3v4b.example.org", "xn--3v4b.example.org"),
        ("", None),
        ("localhost", None),
        ("https://example.org/", None),
        ("a.org\nb.org", None),
    ],
)
def test_a_domain_is_read_or_left_alone(text, domain):
    assert domain_in(text) == domain


def test_a_fork_has_not_the_domain_of_its_origin(folder, tmp_path, monkeypatch):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    assert publish(folder).returncode == 0
    put(tmp_path / "github.git", tmp_path / "settings", {"CNAME": "book.example.org"})
    git(folder, "fetch", "-q", "origin")
    git(folder, "config", "remote.origin.url", "git@github.com:owner/the-book.git")
    assert find_repository(folder).site == "https://book.example.org/"
    monkeypatch.setenv("GITHUB_REPOSITORY", "somebody/the-book")
    assert find_repository(folder).site == "https://somebody.github.io/the-book/"


def test_a_machine_without_git_knows_no_origin(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    assert find_repository(folder) is None
    monkeypatch.setenv("GITHUB_REPOSITORY", "Owner/the-book")
    assert find_repository(folder).site == "https://owner.github.io/the-book/"


def test_publishing_changes_nothing_here(folder):
    (folder / "notes.txt").write_text("mine, not added")
    git(folder, "add", "-N", "notes.txt")
    files, status, refs = snapshot(folder / "_build"), git(folder, "status", "--short"), git(folder, "for-each-ref")
    assert publish(folder).returncode == 0
    assert snapshot(folder / "_build") == files and git(folder, "status", "--short") == status
    assert git(folder, "for-each-ref", "refs/heads") == refs
    done = subprocess.run(["git", "stash", "list"], cwd=folder, capture_output=True, text=True)
    assert done.stdout == ""


def drop(name: str):
    return lambda site: (site / name).unlink()


def stray(name: str):
    return lambda site: (site / name).write_bytes(b"\xff" + (site / name).read_bytes())


def cut_off(name: str):
    return lambda site: (site / name).write_bytes((site / name).read_bytes()[:400])


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (shutil.rmtree, "There is no site in _build/site. Run 'make site' first."),
        (drop("robots.txt"), "built without knowing its address"),
        (stray("robots.txt"), "robots.txt: cannot be read"),
        (drop("sitemap.xml"), "sitemap.xml of the site cannot be read"),
        (cut_off("sitemap.xml"), "sitemap.xml of the site cannot be read"),
        (drop("en/one.html"), "en/one.html is missing or cut off"),
        (cut_off("ko/index.html"), "ko/index.html is missing or cut off"),
        (drop("ko/notebooks/one.ipynb"), "ko/notebooks/one.ipynb is missing or cut off"),
        (cut_off("en/notebooks/one.ipynb"), "en/notebooks/one.ipynb is missing or cut off"),
        (drop("404.html"), "404.html is missing or cut off"),
    ],
)
def test_a_broken_site_changes_nothing(folder, harm, words):
    assert publish(folder).returncode == 0
    before = branches(folder.parent / "github.git")
    harm(folder / "_build" / "site")
    assert words in refused(folder, publish(folder), before)


def test_a_site_for_another_repository_is_refused(folder):
    """In a fork of a fork: the pages' links would lead to the other one."""
    git(folder, "remote", "add", "fork", "git@github.com:somebody/book.git")
    error = refused(folder, publish(folder, "fork"), {})
    assert "built for https://owner.github.io/the-book/" in error
    assert "GITHUB_REPOSITORY=somebody/book make site" in error


def test_a_remote_that_does_not_exist(folder):
    assert "elsewhere" in refused(folder, publish(folder, "elsewhere"), {})


def test_a_remote_that_refuses(folder, tmp_path):
    assert publish(folder).returncode == 0
    before = branches(tmp_path / "github.git")
    hook = tmp_path / "github.git" / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nprintf 'not today, caf\\351\\n' >&2\nexit 1\n")  # in the letters of another machine
    hook.chmod(0o755)
    (folder / "_build" / "site" / "new.txt").write_text("new")
    assert "not today" in refused(folder, publish(folder), before)


def test_without_git_or_a_repository(folder, tmp_path):
    assert "git is missing" in refused(folder, publish(folder, env={"PATH": str(tmp_path / "nothing")}), {})
    shutil.rmtree(folder / ".git")
    assert "'git clone'" in refused(folder, publish(folder), {})  # what git says of it is in the reader's language


def test_publishing_needs_nothing_that_is_installed(folder):
    """The job that may write to the repository has not even a virtual environment."""
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from builder.__main__ import main; sys.exit(main())"
    command = [sys.executable, "-I", "-S", "-c", program, "publish", "--root", str(folder)]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# -- the weekly look ----------------------------------------------------------------------------------------------------

# Python by way of the shell: the line of #! takes no path with spaces.
GH = """#!/bin/sh
"exec" "{python}" "$0" "$@"
import json, os, pathlib, sys
state = pathlib.Path(os.environ["ISSUES"])
issues = json.loads(state.read_text())
option = lambda name: sys.argv[sys.argv.index(name) + 1]
assert option("--repo") == "Owner/the-book"
if sys.argv[1:3] == ["issue", "list"]:
    assert option("--state") == "open"
    print(json.dumps([{{key: issue[key] for key in option("--json").split(",")}} for issue in issues if issue["open"]]))
elif sys.argv[1:3] == ["issue", "create"]:
    issues.append(dict(number=len(issues) + 1, title=option("--title"), open=True, texts=[option("--body")]))
elif sys.argv[1:3] == ["issue", "comment"]:
    issues[int(sys.argv[3]) - 1]["texts"].append(option("--body"))
else:
    sys.exit("unknown")
state.write_text(json.dumps(issues))
"""


def test_every_weekly_job_is_told_of_and_one_tries_the_newest_keras_in_the_pages():
    weekly = jobs("weekly")
    assert set(weekly["tell"]["needs"]) == weekly.keys() - {"tell"}
    steps = [step.get("run", "") for step in weekly["newest"]["steps"]]
    assert steps[-2:] == ["make requirements", 'make test ARGS="tests/python tests/live"']


def test_the_weekly_look_has_every_python_of_the_matrix():
    """An entry whose Python a machine lacks is left out, and nobody reads that it was; the last is the one of `make`."""
    versions = [step["with"]["python-version"] for step in jobs("weekly")["look"]["steps"] if "python-version" in step.get("with", {})]  # fmt: skip
    assert versions[0].split() == [names([version]) for version in sorted({version for version, _ in ENTRIES})]


def test_a_weekly_look_that_fails_keeps_one_issue_open(tmp_path):
    gh, state = tmp_path / "bin" / "gh", tmp_path / "issues.json"
    gh.parent.mkdir()
    gh.write_text(GH.format(python=sys.executable))
    gh.chmod(0o755)
    state.write_text(json.dumps([dict(number=1, title="A letter is wrong", open=True, texts=["…"])]))
    path = f"{gh.parent}{os.pathsep}{os.environ['PATH']}"

    def tell(run: str) -> list[dict]:
        done = run_builder(
            ROOT, "weekly-issue", env={**OWNER, "GITHUB_RUN_ID": run, "ISSUES": str(state), "PATH": path}
        )
        assert done.returncode == 0, done.stderr
        return json.loads(state.read_text())

    tell("11")
    issues = tell("22")
    assert len(issues) == 2 and len(issues[1]["texts"]) == 2
    assert issues[1]["texts"][1].endswith("https://github.com/Owner/the-book/actions/runs/22")
    issues[1]["open"] = False
    state.write_text(json.dumps(issues))
    assert [issue["open"] for issue in tell("33")] == [True, False, True]
    gh.write_text("#!/bin/sh\n")  # it says nothing
    done = run_builder(ROOT, "weekly-issue", env={**OWNER, "GITHUB_RUN_ID": "44", "PATH": path})
    assert done.returncode == 1 and done.stderr.startswith("No issue was written: "), done.stderr


@pytest.mark.prove
def test_links_that_lead_nowhere_are_found_in_pages_and_project_files(tmp_path):
    """This machine stands in for the rest of the world."""
    world, here = tmp_path / "world", tmp_path / "here"
    site = here / "_build" / "site"
    world.mkdir()
    site.mkdir(parents=True)
    (world / "paper.html").write_text("<title>a paper</title>")
    with serve(world) as address:
        (site / "index.html").write_text('<a href="page.html">the page</a>')
        (site / "page.html").write_text(f'<a href="{address}paper.html">a</a> <a href="{address}gone.html">b</a>')
        (here / "README.md").write_text(f"[a]({address}paper.html) [b]({address}moved.html)\n")
        done = run_apart(here, "links")
        assert done.returncode == 1 and "2 errors found" in done.stdout, done.stdout + done.stderr
        assert f"{address}gone.html" in done.stdout and f"{address}moved.html" in done.stdout
        (world / "gone.html").touch()
        (world / "moved.html").touch()
        done = run_apart(here, "links")
        assert done.returncode == 0, done.stdout + done.stderr


# -- workflows ----------------------------------------------------------------------------------------------------------

WORKFLOWS = {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml")}


def jobs(name: str) -> dict[str, dict]:
    return yaml.safe_load(WORKFLOWS[name])["jobs"]


def test_only_the_jobs_that_must_may_write():
    extra = {
        (name, job): content["permissions"]
        for name in WORKFLOWS
        for job, content in jobs(name).items()
        if "permissions" in content
    }
    assert extra == {
        ("publish", "publish"): {"contents": "write", "actions": "read"},
        ("weekly", "tell"): {"contents": "read", "issues": "write"},
    }
    for name, job in extra:
        runs = [step["run"] for step in jobs(name)[job]["steps"] if "run" in step]
        assert not [run for run in runs if re.search("make (?!publish)|pip|uv", run)], runs
    assert not re.search(r"\bsecrets\b|pull_request_target", "".join(WORKFLOWS.values()))
    assert "token" not in WORKFLOWS["test"]


def test_a_job_that_may_write_sees_no_pull_request():
    for name in ("publish", "weekly"):
        events = set(yaml.safe_load(WORKFLOWS[name])[True])  # YAML reads "on" as a truth value
        assert events <= {"push", "schedule", "workflow_dispatch"}, name
    only = "github.ref == format('refs/heads/{0}', github.event.repository.default_branch)"
    assert jobs("publish")["site"]["if"] == only and jobs("publish")["publish"]["needs"] == "site"


def test_what_workflows_run_are_commands_of_this_repository():
    """Their steps can be tried anywhere, because they are no more than these."""
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for name in WORKFLOWS:
        for step in (step for job in jobs(name).values() for step in job["steps"] if "run" in step):
            program, what = step["run"].split()[:2]
            assert (
                program == "gh"
                or (program == "make" and what in targets)
                or step["run"] == "python3 -m builder weekly-issue"
            ), step


def test_zizmor_finds_nothing():
    zizmor = Path(sys.executable).with_name("zizmor")
    command = [zizmor, "--offline", "--persona=pedantic", ".github"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
