"""Decisions on prizes without a browser: a prize left empty, what was decided taken back."""

from __future__ import annotations

import click

from festival.accounts.commands import acting_account
from festival.contests.commands import contest_named
from festival.core.transaction import transaction
from festival.editions.commands import FESTIVAL, festival_named
from festival.results.cli import BY, NAMES, REASON, results_cli
from festival.results.decide import decide
from festival.results.delegations.deciding import decide_whole
from festival.results.prizes import LeftEmpty
from festival.results.settling.awarding import PrizeGivenAgain, PrizeLeftEmpty, PrizesTakenBack

__all__ = ["results_cli"]


@results_cli.command("prize-back")
@click.argument("contest")
@click.argument("entries", nargs=-1, required=True)
@REASON
@NAMES
@FESTIVAL
@BY
def prize_back(
    contest: str, entries: tuple[str, ...], reason: str, names: tuple[str, ...], festival: str | None, by: str | None
) -> None:
    """Rút lại quyết định về giải của những tiết mục này: hạng mang lại giải theo thể lệ."""
    with transaction():
        said = PrizesTakenBack(frozenset(entries))
        decide(contest_named(festival, contest).id, said, reason, names, acting_account(by))
    click.echo("Đã ghi quyết định.")


THEN = click.option(
    "--then",
    type=click.Choice([each.value for each in LeftEmpty]),
    help="Những hạng của giải ấy: nhận giải liền dưới, không nhận, hay trao lại từ trên xuống.",
)
BACK = click.option("--back", is_flag=True, help="Rút lại quyết định để trống.")


def _emptied(prize: str, then: str | None, *, back: bool) -> PrizeLeftEmpty | PrizeGivenAgain:
    if back == (then is not None):
        raise click.ClickException("Ghi --then (những hạng của giải ấy nhận gì), hoặc --back để rút lại.")
    return PrizeGivenAgain(prize) if then is None else PrizeLeftEmpty(prize, then)


@results_cli.command("empty-prize")
@click.argument("contest")
@click.argument("prize")
@THEN
@BACK
@REASON
@NAMES
@FESTIVAL
@BY
def empty_prize(
    contest: str,
    prize: str,
    then: str | None,
    back: bool,
    reason: str,
    names: tuple[str, ...],
    festival: str | None,
    by: str | None,
) -> None:
    """Ghi quyết định để trống một giải của phần thi, hoặc --back rút lại quyết định ấy."""
    said = _emptied(prize, then, back=back)
    with transaction():
        decide(contest_named(festival, contest).id, said, reason, names, acting_account(by))
    click.echo("Đã ghi quyết định.")


@results_cli.command("delegations-prize-back")
@click.argument("delegations", nargs=-1, required=True)
@REASON
@NAMES
@FESTIVAL
@BY
def delegations_prize_back(
    delegations: tuple[str, ...], reason: str, names: tuple[str, ...], festival: str | None, by: str | None
) -> None:
    """Rút lại quyết định về giải của những đoàn này: hạng mang lại giải theo thể lệ."""
    with transaction():
        said = PrizesTakenBack(frozenset(delegations))
        decide_whole(festival_named(festival).id, said, reason, names, acting_account(by))
    click.echo("Đã ghi quyết định.")


@results_cli.command("delegations-empty-prize")
@click.argument("prize")
@THEN
@BACK
@REASON
@NAMES
@FESTIVAL
@BY
def delegations_empty_prize(
    prize: str, then: str | None, back: bool, reason: str, names: tuple[str, ...], festival: str | None, by: str | None
) -> None:
    """Ghi quyết định để trống một giải toàn đoàn, hoặc --back rút lại quyết định ấy."""
    said = _emptied(prize, then, back=back)
    with transaction():
        decide_whole(festival_named(festival).id, said, reason, names, acting_account(by))
    click.echo("Đã ghi quyết định.")
