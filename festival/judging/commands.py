"""Which contest does a command mean, and how does a refusal look on a terminal?

The group `flask judging` is here, below both rooms' cli: `lock` computes standings, so it is a command of `results`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup

from festival.contests.models import Contest
from festival.core.web.errors import Refusal
from festival.editions.models import Festival
from festival.editions.queries import festival_by_code, the_festival
from festival.judging.contest_rules import contest_of

judging_cli = AppGroup("judging", help="Chấm điểm: ai chưa chấm, ghi kết quả, khóa điểm.")

FESTIVAL = click.option("--festival", help="Mã ngày hội; bỏ trống là ngày hội mới nhất.")


@contextmanager
def refusals() -> Iterator[None]:
    """A refusal is one line on the terminal, not a traceback."""
    try:
        yield
    except Refusal as refused:
        raise click.ClickException(str(refused.message)) from refused


def festival_named(code: str | None) -> Festival:
    """The festival of that code; the latest when none is named."""
    found = the_festival() if code is None else festival_by_code(code)
    if found is None:
        raise click.ClickException(f"Không có ngày hội «{code}».")
    return found


def contest_named(festival: str | None, code: str) -> Contest:
    """The contest of that code in the festival."""
    contest = contest_of(festival_named(festival).id, code)
    if contest is None:
        raise click.ClickException(f"Không có phần thi «{code}».")
    return contest
