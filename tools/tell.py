"""Tell of a weekly look that found something: open an issue, or add to the one that is open.

    python3 tools/tell.py

For GitHub Actions only, where ``gh`` is installed and the environment names the repository and the run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

TITLE = "The weekly look found something broken"


def gh(*arguments: str) -> str:
    """What ``gh`` prints; its own message is shown when it fails."""
    return subprocess.run(["gh", *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout


def tell(repository: str, run: str) -> str:
    """Write into the one issue about it, and return its address.

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


def main() -> str | None:
    try:
        server, repository, run = (os.environ[f"GITHUB_{name}"] for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
        print(tell(repository, f"{server}/{repository}/actions/runs/{run}"))
    except KeyError as missing:
        return f"{missing} is not set; this is for GitHub Actions."
    except (OSError, subprocess.CalledProcessError) as error:
        return f"No issue was written: {error}"
    return None


if __name__ == "__main__":
    sys.exit(main())
