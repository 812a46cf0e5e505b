"""Which festival does a command mean, and what does it say of a file that it cannot import?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from festival.core.web.errors import Refusal
from festival.editions.document import BrokenRuleset
from festival.editions.models import Festival
from festival.editions.queries import current_festival, festival_by_code

FESTIVAL = click.option("--festival", help="Mã ngày hội; bỏ trống là ngày hội mới nhất.")


def festival_named(code: str | None) -> Festival:
    """The festival of that code; the latest when none is named."""
    found = festival_by_code(code) if code else current_festival()
    if found is None:
        said = f"Không có ngày hội «{code}»." if code else "Chưa có ngày hội nào."
        raise click.ClickException(f"{said} Nhập bằng: flask festival import TỆP")
    return found


@contextmanager
def importing(file: Path) -> Iterator[None]:
    """What is wrong with a file is told under its name."""
    try:
        yield
    except BrokenRuleset as refused:
        raise click.ClickException(f"Không nhập {file.name}:\n{refused}") from refused
    except Refusal as refused:
        raise click.ClickException(f"Không nhập {file.name}: {refused.message}") from refused
