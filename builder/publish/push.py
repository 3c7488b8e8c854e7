"""Publish the site that was built: push it as one commit to the branch that GitHub Pages serves.

The branch (``PUBLISHED`` in ``github.py``) holds the site, in it the notebooks that Colab and Binder open, and the folder
``.binder/``, which says what Binder installs to run them. Each publication replaces the one before with a commit that has no history, so that a reader's clone stays small. The remote
changes in one step or not at all, and neither the files nor the branches of this repository change. What others put there and
no site holds, a domain of one's own and the proofs of who owns it, stays.

Only git and Python's standard library are used here: the job that may write to the repository runs nothing else.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from ..files import alone, read
from ..github import DOMAIN, PUBLISHED, domain_in, repository_of
from ..messages import PRINTED, Refused

LOCATION = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"

# What GitHub's settings and search engines want to find in the branch, written by them or by hand: the domain, and files that
# prove who owns the site.
KEPT = (DOMAIN, ".well-known/*", "google*.html", "naver*.html", "yandex_*.html", "BingSiteAuth.xml")


def git(root: Path, *arguments: str, **options: Any) -> str:
    """What git prints; it asks for no password where nobody can answer.

    Raises:
        Refused: git is missing or refuses; the text is its own.
    """
    options["env"] = {**os.environ, "GIT_TERMINAL_PROMPT": "0", **options.get("env", {})}
    letters = {**PRINTED, "errors": "surrogateescape"}  # a name goes back to git as it was
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, **letters, **options)
    except FileNotFoundError:
        raise Refused("git is missing. Install it.") from None
    if done.returncode:
        raise Refused((done.stderr or done.stdout).strip())
    return done.stdout.strip()


def address_of(site: Path) -> str:
    """The address that the pages of a site name as their own.

    Raises:
        Refused: there is no site, or it was built without an address, or this cannot be read.
    """
    if not (site / "index.html").is_file():
        raise Refused("There is no site in _build/site. Run 'make site' first.")
    text = read(site, "robots.txt") if (site / "robots.txt").is_file() else ""
    match = re.search(r"^Sitemap: (https://\S+/)sitemap\.xml$", text, re.M)
    if not match:
        raise Refused(
            "The site was built without knowing its address, so it has no launch buttons. Name the repository and build it "
            "again: GITHUB_REPOSITORY=OWNER/NAME make site. (An origin on github.com does the same.)"
        )
    return match[1]


def check(site: Path, address: str) -> int:
    """Compare the site with its own list of pages; return their number.

    Raises:
        Refused: a page or its notebook is missing or cut off.
    """
    try:
        listed = [location.text or "" for location in ET.parse(site / "sitemap.xml").iter(LOCATION)]
    except (OSError, ValueError, LookupError, ET.ParseError) as error:
        raise Refused(f"sitemap.xml of the site cannot be read ({error}). Run 'make site' again.") from None
    pages = [page.removeprefix(address) for page in listed]
    broken = [] if pages else ["sitemap.xml names no page"]
    for name in ["index.html", "404.html", *pages]:
        page = site / name
        content = page.read_bytes() if page.is_file() else b""
        if not content.rstrip().endswith(b"</html>"):
            broken.append(f"{name} is missing or cut off")
        notebook = page.parent / "notebooks" / f"{page.stem}.ipynb"
        if f"notebooks/{notebook.name}".encode() not in content:
            continue  # a page such as the lab, which offers none
        try:
            json.loads(notebook.read_bytes())
        except (OSError, ValueError, RecursionError):
            broken.append(f"{notebook.relative_to(site).as_posix()} is missing or cut off")
    if broken:
        raise Refused("The site is not whole:\n  " + "\n  ".join(broken) + "\nRun 'make site' again.")
    return len(pages)


def for_binder(root: Path) -> dict[str, Path]:
    """Name in the branch -> file that tells Binder what to install; hidden ones are those of file managers and editors."""
    paths = (root / ".binder").iterdir()
    return {f".binder/{path.name}": path for path in paths if path.is_file() and path.name[0] != "."}


def published(root: Path, remote: str) -> tuple[str, list[str]]:
    """The commit that the branch holds now, fetched, and its entries to keep, as git lists them; nothing when there is none."""
    listed = git(root, "ls-remote", "--heads", "--", remote, f"refs/heads/{PUBLISHED}")
    if not listed:
        return "", []
    there = listed.split()[0]
    git(root, "fetch", "--quiet", "--no-tags", "--", remote, f"refs/heads/{PUBLISHED}")
    entries = git(root, "ls-tree", "-r", "-z", there).split("\0")
    return there, [
        entry for entry in entries if any(fnmatch.fnmatchcase(entry.partition("\t")[2], kept) for kept in KEPT)
    ]


def domain_of(root: Path, kept: list[str]) -> str | None:
    """The address at the domain that the file among these entries names, if there is one."""
    for entry in kept:
        facts, _, name = entry.partition("\t")
        if name == DOMAIN and (domain := domain_in(git(root, "cat-file", "blob", facts.split()[2]))):
            return f"https://{domain}/"
    return None


def commit(root: Path, site: Path, kept: list[str]) -> str:
    """Make the commit that holds the site, the files for Binder and what is kept, and return its name.

    The same site of the same sources always gives the same commit. Nothing points to it yet.
    """
    date = git(root, "log", "-1", "--format=%cI")
    with tempfile.TemporaryDirectory() as folder:
        nothing = Path(folder, "nothing")
        nothing.touch()
        files = {path.relative_to(site).as_posix(): path for path in site.rglob("*") if path.is_file()}
        files |= {".nojekyll": nothing, **for_binder(root)}
        # The bytes as they are; `git add` changes them as attributes, filters and settings of this machine want it.
        paths = "\n".join(map(str, files.values()))
        blobs = git(root, "hash-object", "-w", "--no-filters", "--stdin-paths", input=paths).split()
        entries = {name: f"100644 blob {blob}\t{name}" for name, blob in zip(files, blobs)}
        entries = {entry.partition("\t")[2]: entry for entry in kept} | entries
        index = {"GIT_INDEX_FILE": str(Path(folder, "index"))}
        git(root, "update-index", "-z", "--index-info", input="\0".join(entries.values()), env=index)
        tree = git(root, "write-tree", env=index)
    author = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER")
              for what, value in (("NAME", "make publish"), ("EMAIL", "make-publish@localhost"), ("DATE", date))}  # fmt: skip
    message = f"The site of {git(root, 'describe', '--always', '--abbrev=40', '--exclude=*', '--dirty')}"
    return git(root, "commit-tree", tree, "-m", message, env=author)


def publish(root: Path, remote: str) -> str:
    """Push the site below ``root`` to ``remote``, a name or an address that git knows; return a sentence about it.

    Raises:
        Refused: nothing was pushed.
    """
    with alone(root / "_build"):  # nobody replaces the site meanwhile
        site = root / "_build" / "site"
        address = address_of(site)
        pages = check(site, address)
        git(root, "--version")
        try:
            git(root, "rev-parse", "--git-dir")
        except Refused as error:
            raise Refused(f"{error}\nA site is pushed from a clone of its repository: 'git clone' makes one.") from None
        try:
            url = git(root, "remote", "get-url", "--push", remote)
        except Refused:
            url = remote  # not a name
        target = repository_of(url)
        if target and address != target.site and ".github.io/" in address:
            raise Refused(
                f"The site was built for {address}, but {remote} is published at {target.site}. "
                f"Build it for there: GITHUB_REPOSITORY={target.owner}/{target.name} make site"
            )
        there, kept = published(root, remote)
        wanted = domain_of(root, kept) or (target.site if target else address)
        if address != wanted:
            raise Refused(
                f"The site was built for {address}, but {remote} is published at {wanted}, as its branch {PUBLISHED} says. "
                "The branch has just been fetched: run 'make site' again, and it is for there."
            )
        lease = f"--force-with-lease=refs/heads/{PUBLISHED}:{there}"  # what somebody has changed there in between is not lost
        git(root, "push", lease, "--", remote, f"{commit(root, site, kept)}:refs/heads/{PUBLISHED}")
        return (
            f"Branch {PUBLISHED} of {remote} holds the site now, {pages} pages. It appears at {address} when the repository's "
            f"settings say Pages: deploy from branch {PUBLISHED}, folder / (root)."
        )
