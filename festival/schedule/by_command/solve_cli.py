"""An instance in, a plan with its bound out, without a database: `flask schedule solve FILE`."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from festival.core.sentence import N_, Sentence
from festival.core.web.i18n import say
from festival.editions.rules.document import BrokenRuleset, FileFault, parse
from festival.schedule.by_command.cli import schedule_cli
from festival.schedule.orders import wanted
from festival.schedule.orders.reading import read_order
from festival.schedule.orders.solving import found_order
from festival.schedule.solver import shapes
from festival.schedule.solver.answer import answered

LARGEST = 20_000_000  # bytes
CUT_SHORT = N_("Bộ giải dừng giữa chừng; đây là phương án tốt nhất đã tìm được và đã kiểm lại.")


def _order(document: object, seconds: float, seed: int) -> tuple[dict[str, Any], Sentence | None]:
    asked = read_order(document)
    found = found_order(asked, seconds, seed)
    return found.told(asked), None if found.whole else CUT_SHORT


# What a file says it is, and what answers it: the plan, and what else its reader must know.
SOLVERS: Mapping[str, Callable[[object, float, int], tuple[dict[str, Any], Sentence | None]]] = {
    wanted.FORMAT: _order,
    shapes.FORMAT: answered,
}


@schedule_cli.command("solve")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option(
    "--seconds", type=click.FloatRange(0.1, 3600), default=20, show_default=True, help="Tìm nhiều nhất bấy nhiêu giây."
)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True, help="Số gieo của bước tìm.")
def solve(file: Path, seconds: float, seed: int) -> None:
    """Xếp một tệp lịch tốt nhất có thể, không dùng cơ sở dữ liệu. FILE là tệp JSON festival-order 1 hoặc festival-timetable 1, hay - để đọc từ đầu vào."""
    try:
        content = sys.stdin.buffer.read(LARGEST + 1) if str(file) == "-" else file.read_bytes()
    except OSError as error:
        click.echo(f"$: {error.strerror}", err=True)
        raise SystemExit(2) from error
    try:
        if len(content) > LARGEST:
            raise BrokenRuleset([FileFault("$", N_("tệp nặng quá %(most)s MB", most=LARGEST // 1_000_000))])
        plan, noted = _solver(document := parse(content))(document, seconds, seed)
    except BrokenRuleset as error:
        for problem in error.problems:
            click.echo(f"{problem.path}: {say(problem.reason)}", err=True)
        raise SystemExit(2) from error
    if noted is not None:
        click.echo(say(noted), err=True)
    click.echo(json.dumps(plan, ensure_ascii=False, indent=1))


def _solver(document: object) -> Callable[[object, float, int], tuple[dict[str, Any], Sentence | None]]:
    if not isinstance(document, Mapping):
        raise BrokenRuleset([FileFault("$", N_("phải là một đối tượng { … }"))])
    stated = document.get("format")
    if stated is None:
        raise BrokenRuleset([FileFault("$.format", N_("thiếu khóa bắt buộc"))])
    if not isinstance(stated, str) or stated not in SOLVERS:
        known = ", ".join(f"«{each}»" for each in SOLVERS)
        raise BrokenRuleset(
            [
                FileFault(
                    "$.format",
                    N_(
                        "«%(value)s» không được dùng ở đây; chọn một trong: %(choices)s",
                        value=str(stated),
                        choices=known,
                    ),
                )
            ]
        )
    return SOLVERS[stated]
