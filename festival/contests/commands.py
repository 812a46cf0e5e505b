"""Which contest does a command mean?"""

from __future__ import annotations

import click

from festival.contests.models import Contest
from festival.contests.queries import contest_by_code
from festival.core.web.errors import NotFound
from festival.editions.commands import festival_named


def contest_named(festival: str | None, code: str) -> Contest:
    """The contest of that code in the festival of that code; in the latest when none is named."""
    try:
        return contest_by_code(festival_named(festival), code)
    except NotFound as missing:
        raise click.ClickException(f"Không có phần thi «{code}». Xem: flask contest list") from missing
