"""Under which name do this process's connections work at PostgreSQL?"""

from __future__ import annotations

import hmac
import re
import socket
import tomllib
from functools import cache
from hashlib import sha256

from config import ROOT, Config
from festival.core.pool.sizing import ServingMachine, needed


def this_machine(config: Config) -> ServingMachine:
    """Told by the machine's own name and its folder: two servers of one machine are two."""
    host = re.sub(r"[^A-Za-z0-9.-]", "", socket.gethostname().partition(".")[0])[:12] or "may"
    return ServingMachine(
        f"{host}-{sha256(str(config.instance).encode()).hexdigest()[:4]}",
        needed(config.workers, config.threads),
        hmac.new(config.secret_key.encode(), b"machine", sha256).hexdigest()[:8],
        config.shared_mark[:8] or "none",
        _release()[:12],
    )


@cache
def _release() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])
