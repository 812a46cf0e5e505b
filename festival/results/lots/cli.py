"""A third marking and a draw without a browser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

from festival.accounts.commands import acting_account
from festival.contests.commands import contest_named
from festival.core.transaction import transaction
from festival.editions.commands import FESTIVAL, festival_named
from festival.results import decide as results_decide
from festival.results.cli import BY, NAMES, REASON, results_cli
from festival.results.delegations import deciding
from festival.results.settling.recording import (
    LotsDrawn,
    MarkedAgain,
    NotHeld,
    RecordTakenBack,
    RungSaying,
    Thrown,
)
from festival.results.ties import AskedOf

Command = TypeVar("Command", bound=Callable[..., Any])
DICE = click.option("--dice", help="Các mặt xúc xắc theo thứ tự; không có thì thứ tự gõ là thứ tự bốc bằng tay.")
NOT_HELD = click.option("--not-held", is_flag=True, help="Không làm bước này, đi tiếp bậc sau.")
TAKE_BACK = click.option("--take-back", is_flag=True, help="Rút lại lần đã ghi của nhóm này.")


def _recorded(command: Command) -> Command:
    """What every recording asks: why, before whom, in which festival, by whom; or that it was not held, or is taken back."""
    for option in (BY, FESTIVAL, NAMES, REASON, TAKE_BACK, NOT_HELD):
        command = option(command)
    return command


def _drawn(entries: tuple[str, ...], dice: str | None, *, not_held: bool, take_back: bool) -> RungSaying:
    if not_held or take_back:
        return _without(AskedOf.DRAW, entries, not_held=not_held, take_back=take_back)
    if dice is not None:
        return Thrown(frozenset(entries), dice)
    return LotsDrawn({entry: str(at) for at, entry in enumerate(entries, start=1)})


def _without(asks: AskedOf, entries: tuple[str, ...], *, not_held: bool, take_back: bool) -> RungSaying:
    if not_held and take_back:
        raise click.ClickException("Chọn một: --not-held hoặc --take-back.")
    return (NotHeld if not_held else RecordTakenBack)(asks, frozenset(entries))


@results_cli.command("draw")
@click.argument("contest")
@click.argument("entries", nargs=-1, required=True)
@DICE
@_recorded
def draw(
    contest: str,
    entries: tuple[str, ...],
    dice: str | None,
    not_held: bool,
    take_back: bool,
    reason: str,
    names: tuple[str, ...],
    festival: str | None,
    by: str | None,
) -> None:
    """Ghi bốc thăm giữa các tiết mục còn bằng điểm, theo bậc draw của thể lệ; --name là người chứng kiến."""
    said = _drawn(entries, dice, not_held=not_held, take_back=take_back)
    with transaction():
        results_decide.decide(contest_named(festival, contest).id, said, reason, names, acting_account(by))
    click.echo("Đã ghi.")


@results_cli.command("mark-again")
@click.argument("contest")
@click.argument("entries", nargs=-1, required=True)
@click.option(
    "--mark", "marks", multiple=True, metavar="LETTER/ENTRY=MARK", help="Điểm chấm lại; LETTER 3 là giám khảo thứ ba."
)
@_recorded
def mark_again(
    contest: str,
    entries: tuple[str, ...],
    marks: tuple[str, ...],
    not_held: bool,
    take_back: bool,
    reason: str,
    names: tuple[str, ...],
    festival: str | None,
    by: str | None,
) -> None:
    """Ghi điểm chấm lại các tiết mục còn bằng điểm, theo bậc third_marking của thể lệ."""
    said: RungSaying = MarkedAgain(frozenset(entries), _typed(marks))
    if not_held or take_back:
        said = _without(AskedOf.MARKING, entries, not_held=not_held, take_back=take_back)
    with transaction():
        results_decide.decide(contest_named(festival, contest).id, said, reason, names, acting_account(by))
    click.echo("Đã ghi.")


def _typed(marks: tuple[str, ...]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for each in marks:
        whose, sign, mark = each.partition("=")
        letter, slash, entry = whose.partition("/")
        if not (sign and slash):
            raise click.ClickException(f"Viết «{each}» thành LETTER/ENTRY=MARK, ví dụ A/E001=27,5.")
        found.setdefault(letter, {})[entry] = mark
    return found


@results_cli.command("delegations-draw")
@click.argument("delegations", nargs=-1, required=True)
@DICE
@_recorded
def delegations_draw(
    delegations: tuple[str, ...],
    dice: str | None,
    not_held: bool,
    take_back: bool,
    reason: str,
    names: tuple[str, ...],
    festival: str | None,
    by: str | None,
) -> None:
    """Ghi bốc thăm giữa các đoàn còn bằng điểm."""
    said = _drawn(delegations, dice, not_held=not_held, take_back=take_back)
    with transaction():
        deciding.decide_whole(festival_named(festival).id, said, reason, names, acting_account(by))
    click.echo("Đã ghi.")
