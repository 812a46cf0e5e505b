"""Of which release is a page that a device has open, and is it the server's own?

Two pages of one version number differ when a script, a style, a template or a word does: `0.7.0+3f2a9c1b.77e0…`. Only the number
is shown to people; whether both are the same is asked of the whole.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache

from flask import current_app

from config import ROOT
from festival.devices.app_files import words_digest

TOLD = re.compile(r"[0-9A-Za-z.+-]{1,60}")


@cache
def _version() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(project["project"]["version"])


def release() -> str:
    """What a page of this server says of itself."""
    return f"{_version()}+{current_app.extensions['static_tree'][:8]}.{words_digest()}"


def release_told(said: str) -> str:
    """What a device says its page is of; what cannot be a release is nothing."""
    return said if TOLD.fullmatch(said) else ""


def number_of(app: str) -> str:
    """The part of it that people know."""
    return app.partition("+")[0]
