"""Which festival does a command mean, and what does it say of a file that it cannot import?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from festival.core.web.errors import Refusal
from festival.editions.models import Festival
from festival.editions.queries import current_festival, festival_by_code, festivals
from festival.editions.rules.document import BrokenRuleset

FESTIVAL = click.option("--festival", help="Mã ngày hội; bỏ trống là ngày hội đang chọn.")


def festival_named(code: str | None) -> Festival:
    """The festival of that code; the chosen one when none is named."""
    found = festival_by_code(code) if code else current_festival()
    if found is not None:
        return found
    if code:
        raise click.ClickException(f"Không có ngày hội «{code}». Xem: flask festival list")
    if festivals():
        raise click.ClickException("Chưa chọn ngày hội nào. Chọn bằng: flask festival choose MÃ")
    raise click.ClickException("Chưa có ngày hội nào. Nhập bằng: flask festival import TỆP")


@contextmanager
def importing(file: Path) -> Iterator[None]:
    """What is wrong with a file is told under its name."""
    try:
        yield
    except BrokenRuleset as refused:
        raise click.ClickException(f"Không nhập {file.name}:\n{refused}") from refused
    except Refusal as refused:
        raise click.ClickException(f"Không nhập {file.name}: {refused.message}") from refused
