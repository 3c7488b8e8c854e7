"""Tell of a weekly look that found something: open an issue, or add to the one that is open.

For GitHub Actions only, where ``gh`` is installed and the environment names the repository and the run.
"""

from __future__ import annotations

import json
import os
import subprocess

from ..messages import PRINTED, Refused

TITLE = "The weekly look found something broken"


def gh(*arguments: str) -> str:
    """What ``gh`` prints; its own message is shown when it fails."""
    return subprocess.run(["gh", *arguments], check=True, stdout=subprocess.PIPE, **PRINTED).stdout


def weekly_issue() -> str:
    """Write into the one issue about it, and return its address.

    Raises:
        Refused: this is not GitHub Actions, or ``gh`` failed.
    """
    try:
        server, repository, run = (os.environ[f"GITHUB_{name}"] for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    except KeyError as missing:
        raise Refused(f"{missing} is not set; this is for GitHub Actions.") from None
    try:
        return write_issue(repository, f"{server}/{repository}/actions/runs/{run}")
    except (OSError, ValueError, subprocess.CalledProcessError) as error:  # ValueError: what gh lists is no JSON
        raise Refused(f"No issue was written: {error}") from None


def write_issue(repository: str, run: str) -> str:
    """The address of the issue that says so now.

    Args:
        repository: ``OWNER/NAME``.
        run: address of the run that failed.
    """
    here = ["--repo", repository]
    text = f"The book no longer runs with the newest TensorFlow, or links lead nowhere. What failed: {run}"
    listed = gh("issue", "list", *here, "--state", "open", "--limit", "1000", "--json", "number,title")
    numbers = sorted(issue["number"] for issue in json.loads(listed) if issue["title"] == TITLE)
    if numbers:
        return gh("issue", "comment", str(numbers[0]), *here, "--body", text).strip()
    return gh("issue", "create", *here, "--title", TITLE, "--body", text).strip()
