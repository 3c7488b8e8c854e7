"""The system's Firefox, driven by WebDriver BiDi, which it speaks itself: no driver has to be downloaded."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import websocket

SECONDS = 300  # how long Firefox may take to start, and to answer


def firefox() -> str:
    """The program file of a Firefox of this computer; without one the test is skipped."""
    for name in (os.environ.get("FIREFOX_PATH"), "firefox-esr", "firefox"):
        if name and (path := shutil.which(name)):
            return path
    pytest.skip(
        "No Firefox was found. Install it (Debian: apt install firefox-esr), or name one: export FIREFOX_PATH=…"
    )


class Page:
    """A window of a Firefox; ``asked`` are the addresses that it has asked for."""

    def __init__(self, connection: websocket.WebSocket) -> None:
        self.connection, self.numbers = connection, itertools.count(1)
        self.call("session.new", capabilities={})
        self.asked: list[str] = []
        self.call("session.subscribe", events=["network.beforeRequestSent"])
        # the first window never gets the focus when nobody sees it, and no key would press anything there
        self.context = self.call("browsingContext.create", type="window")["context"]

    def call(self, method: str, **parameters: Any) -> Any:
        number = next(self.numbers)
        self.connection.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while (answer := json.loads(self.connection.recv())).get("id") != number:
            if answer.get("method") == "network.beforeRequestSent":
                self.asked.append(answer["params"]["request"]["url"])
        assert answer["type"] == "success", answer
        return answer["result"]

    def goto(self, address: str) -> None:
        self.call("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def evaluate(self, program: str) -> Any:
        """The value of a JavaScript expression, or what the promise comes to that it gives."""
        answer = self.call(
            "script.evaluate",
            expression=f"Promise.resolve({program}).then(JSON.stringify)",
            target={"context": self.context},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return json.loads(answer["result"].get("value", "null"))

    def press(self, *keys: str) -> None:
        """Press keys, one after the other; ``Shift+Enter`` are two at once."""
        actions = []
        for key in keys:
            codes = [KEYS.get(part, part) for part in (key.split("+") if len(key) > 1 else [key])]
            actions += [{"type": "keyDown", "value": code} for code in codes]
            actions += [{"type": "keyUp", "value": code} for code in reversed(codes)]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self.call("input.performActions", context=self.context, actions=[source])


# As WebDriver names what is no letter.
KEYS = {"Enter": "\ue007", "Shift": "\ue008", "Control": "\ue009", "Escape": "\ue00c", "Tab": "\ue004"}


@contextlib.contextmanager
def browse_with_firefox(profile: Path) -> Iterator[Page]:
    """A page in a Firefox that keeps what it keeps in an empty folder."""
    command = [firefox(), "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
    with subprocess.Popen([*command, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield Page(websocket.create_connection(listening(process, profile), SECONDS, suppress_origin=True))
        finally:
            process.terminate()


def listening(process: subprocess.Popen, profile: Path) -> str:
    """Where a Firefox listens; it writes so into its folder."""
    path, end = profile / "WebDriverBiDiServer.json", time.monotonic() + SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError, ValueError):  # not there yet, or not whole
            said = json.loads(path.read_text("utf-8"))
            return f"ws://{said['ws_host']}:{said['ws_port']}/session"
        time.sleep(0.1)
    raise AssertionError(f"Firefox does not listen; it ended with {process.poll()}.")
