"""Where the repository and its site are on GitHub, as far as that is known; the address is never guessed.

It comes from the environment of GitHub Actions, else from the remote ``origin``. So a fork's site links to the fork. A domain
of its own is known from the branch that holds the site, as it was last fetched.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from .messages import PRINTED

GITHUB = "https://github.com"
PUBLISHED = "gh-pages"  # the branch that holds the built site, and in it the notebooks for Colab and Binder
DOMAIN = "CNAME"  # the file in it in which GitHub keeps a domain of one's own


@dataclass(frozen=True)
class Repository:
    """A repository of GitHub.

    Attributes:
        server: address of the GitHub server, without a slash at the end.
        owner, name: what stands behind it.
        domain: the one of its own at which its site is published, if it has one.
    """

    server: str
    owner: str
    name: str
    domain: str | None = None

    @property
    def site(self) -> str | None:
        """Where GitHub Pages publishes it, with a slash at the end; None for a server of one's own."""
        if self.server != GITHUB:
            return None
        if self.domain:
            return f"https://{self.domain}/"
        host = f"{self.owner.lower()}.github.io"
        return f"https://{host}/" + ("" if self.name.lower() == host else f"{self.name}/")

    def links(self, language: str) -> dict[str, str]:
        """What a page can offer for its chapter; ``{chapter}`` stands for the chapter's name.

        Returns:
            ``source``, and on github.com also ``colab`` and ``binder``, which open the published notebook.
        """
        here = f"{self.owner}/{self.name}"
        links = {"source": f"{self.server}/{here}/blob/HEAD/book/{{chapter}}.ipynb"}
        if self.site:
            notebook = f"{language}/notebooks/{{chapter}}.ipynb"
            links["colab"] = f"https://colab.research.google.com/github/{here}/blob/{PUBLISHED}/{notebook}"
            links["binder"] = f"https://mybinder.org/v2/gh/{here}/{PUBLISHED}?labpath={notebook}"
        return links


def repository_of(address: str) -> Repository | None:
    """The repository that git's address of a remote names, or None when that is not on github.com."""
    match = re.fullmatch(
        r"(?:https://(?:[^/@]+@)?github\.com/|(?:ssh://)?git@github\.com[:/])([\w.-]+)/([\w.-]+?)(?:\.git)?/?", address
    )
    return Repository(GITHUB, match[1], match[2]) if match else None


def find_repository(root: Path) -> Repository | None:
    """The repository that the folder ``root`` belongs to, or None when nothing names one on GitHub."""
    server = os.environ.get("GITHUB_SERVER_URL", GITHUB).rstrip("/")
    path = os.environ.get("GITHUB_REPOSITORY", "")
    origin = repository_of(asked(root, "config", "--get", "remote.origin.url").strip())
    if not path:
        repository = origin
    elif re.fullmatch(r"[\w.-]+/[\w.-]+", path):
        repository = Repository(server, *path.split("/"))
    else:
        return None
    if (
        repository and origin and repository.site and repository.site.lower() == origin.site.lower()
    ):  # not that of a fork
        return replace(repository, domain=domain_in(asked(root, "show", f"refs/remotes/origin/{PUBLISHED}:{DOMAIN}")))
    return repository


def asked(root: Path, *arguments: str) -> str:
    """What git answers, or nothing when it cannot or is not there."""
    command = ["git", "-C", str(root), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, **PRINTED)
    except FileNotFoundError:
        return ""
    return "" if done.returncode else done.stdout


def domain_in(text: str) -> str | None:
    """The domain that a file CNAME names, or None when it names none."""
    name = text.lstrip("\ufeff").strip().lower()
    return name if re.fullmatch(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9-]{2,}", name) else None
