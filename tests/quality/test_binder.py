"""What Binder does: build the environment from nothing, start Jupyter, open a notebook of the site, run it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
import uuid
from pathlib import Path

import nbformat
import psutil
import pytest
from tornado.httpclient import AsyncHTTPClient, HTTPRequest
from tornado.websocket import websocket_connect

from builder import packages
from builder.chapters.record import QUIET
from builder.publish.push import for_binder
from builder.quality.kernels import find_python
from support import ROOT

LIMIT = 2 * 1024**3  # bytes that Binder grants
TOKEN = "reader"  # Binder hands one to the browser
PYTHON = tuple(map(int, re.findall(r"\d+", (ROOT / ".binder" / "runtime.txt").read_text())))
CHAPTER = "models"  # the one that takes most memory


def test_one_list_of_versions():
    files = {name: path.read_text(encoding="utf-8") for name, path in for_binder(ROOT).items()}
    text = files[".binder/requirements.txt"]
    locks = [text, (ROOT / "requirements.txt").read_text(encoding="utf-8")]
    lines = [{line for line in lock.splitlines() if not line.strip().startswith("#")} for lock in locks]
    assert lines[0] < lines[1], "run 'make requirements'"
    names = set(re.findall(r"^([\w.-]+)==", text, re.M))
    assert names > {
        "tensorflow-cpu",
        "numpy",
        "matplotlib",
        "ipykernel",
        "jupyterlab",
        "keras",
        "h5py",
        "jupyter-server",
    }
    assert names.isdisjoint({"jupyter-book", "sphinx", "furo", "nbval", "pytest", "playwright", "pagefind", "uv"})
    assert re.fullmatch(r"python-3\.\d+\n", files[".binder/runtime.txt"])
    assert PYTHON in packages.SUPPORTED


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory) -> str:
    """The program `jupyter` of an environment that was built from nothing, from the files for Binder."""
    folder = tmp_path_factory.mktemp("binder")
    uv, place = [sys.executable, "-m", "uv"], folder / "environment"
    python = find_python(PYTHON) or sys.executable
    for command in (
        ["venv", "--no-project", "--python", python, place],
        [*packages.INSTALL, "--python", place / "bin" / "python", "-r", ROOT / ".binder" / "requirements.txt"],
    ):
        done = subprocess.run([*uv, *map(str, command)], cwd=folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return str(place / "bin" / "jupyter")


@pytest.fixture
def server(jupyter, site, tmp_path):
    """JupyterLab as Binder starts it, in the folder of the published branch: (address, process)."""
    home = {"HOME": str(tmp_path), "JUPYTER_PATH": "", "JUPYTER_CONFIG_DIR": str(tmp_path)}
    with open(tmp_path / "log", "w") as log:
        process = subprocess.Popen(
            [jupyter, "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0", f"--IdentityProvider.token={TOKEN}"],
            cwd=site, stdout=log, stderr=subprocess.STDOUT, env={**os.environ, **QUIET, **home},
        )  # fmt: skip
    try:
        end = time.monotonic() + 120
        while not (found := re.search(r"http://127\.0\.0\.1:\d+/", (tmp_path / "log").read_text())):
            assert process.poll() is None and time.monotonic() < end, (tmp_path / "log").read_text()
            time.sleep(0.1)
        yield found[0], process
    finally:
        process.terminate()
        process.wait()


async def run(address: str, notebook: str) -> list[str]:
    """Open a notebook and run its cells one by one, as the page of JupyterLab does; return what each prints."""
    client, headers = AsyncHTTPClient(), {"Authorization": f"token {TOKEN}"}

    async def ask(path: str, **options) -> bytes:
        return (await client.fetch(HTTPRequest(address + path, headers=headers, request_timeout=120, **options))).body

    page = await ask(f"lab/tree/{notebook}")
    assert b"jupyter-config-data" in page
    cells = json.loads(await ask(f"api/contents/{notebook}"))["content"]["cells"]
    wanted = {"path": notebook, "name": notebook, "type": "notebook", "kernel": {"name": "python3"}}
    session = json.loads(await ask("api/sessions", method="POST", body=json.dumps(wanted)))
    kernel = session["kernel"]["id"]
    socket = f"ws{address.removeprefix('http')}api/kernels/{kernel}/channels"
    channels = await websocket_connect(HTTPRequest(socket, headers=headers))
    printed = []
    for cell in cells:
        if cell["cell_type"] == "code":
            printed.append(await execute(channels, "".join(cell["source"])))
    channels.close()
    return printed


async def execute(channels, source: str) -> str:
    """Send one cell to a kernel and return what it prints."""
    id, text = uuid.uuid4().hex, ""
    header = {
        "msg_id": id,
        "msg_type": "execute_request",
        "username": "",
        "session": "reader",
        "version": "5.3",
        "date": "",
    }
    content = {"code": source, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
    request = {"header": header, "parent_header": {}, "metadata": {}, "content": content, "channel": "shell"}
    await channels.write_message(json.dumps(request))
    while True:
        answer = await asyncio.wait_for(channels.read_message(), timeout=300)
        assert isinstance(answer, str), "the kernel is gone"
        message = json.loads(answer)
        if message["parent_header"].get("msg_id") != id:
            continue
        kind, content = message["msg_type"], message["content"]
        if kind == "error":
            raise AssertionError(f"{content['ename']}: {content['evalue']}")
        if kind == "stream":
            assert content["name"] == "stdout", content["text"]
            text += content["text"]
        if kind == "status" and content["execution_state"] == "idle":
            return text


def peak_memory(process: int) -> int:
    """Bytes that a process and all below it had at most, each counted at its own peak."""
    family = [process, *(child.pid for child in psutil.Process(process).children(recursive=True))]
    peaks = [re.search(r"^VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text(), re.M)[1] for pid in family]
    return sum(map(int, peaks)) * 1024


def masked(text: str) -> str:
    """As nbval compares: without decimals, numpy's padding, and where lines are broken."""
    sanitizer = (ROOT / "tests" / "nbval_sanitize.cfg").read_text(encoding="utf-8")
    floats = re.search(r"\[floats\]\nregex: (.*)", sanitizer)[1]
    return " ".join(re.sub(floats, " # ", text).split())


@pytest.mark.prove
@pytest.mark.skipif(sys.platform != "linux", reason="Binder is Linux, and so is the count of its memory")
def test_a_chapter_runs_in_the_environment_of_binder_in_less_than_its_memory(server, site):
    address, process = server
    notebook = f"ko/notebooks/{CHAPTER}.ipynb"
    printed = asyncio.run(run(address, notebook))
    recorded = [
        "".join(output.text for output in cell.outputs if output.output_type == "stream")
        for cell in nbformat.read(site / notebook, as_version=4).cells
        if cell.cell_type == "code"
    ]
    assert [masked(text) for text in printed] == [masked(text) for text in recorded]
    peak = peak_memory(process.pid)
    print(f"{CHAPTER} took {peak / 1024**2:.0f} MiB at most, Jupyter and kernel together")
    assert peak < LIMIT
