"""`flask schedule later-rounds`: matches after the first round of a knock-out, taken into the timetable before their pairs are known."""

from __future__ import annotations

import click

from festival.accounts.commands import acting_account
from festival.contests.commands import contest_named
from festival.core.clock import local
from festival.core.transaction import reading, transaction
from festival.editions.commands import festival_named
from festival.schedule.by_command.cli import BY, schedule_cli
from festival.schedule.later.reading import later_matches, told_matches
from festival.schedule.rounds.adding import add_later_rounds, drop_later_rounds


@schedule_cli.command("later-rounds")
@click.argument("festival_code")
@click.argument("contest_code")
@click.option("--add", "to", flag_value="add", help="Đưa các trận còn thiếu vào lịch, chưa có giờ.")
@click.option("--drop", "to", flag_value="drop", help="Bỏ các trận này khỏi lịch, cùng với giờ của chúng.")
@BY
def later_rounds(festival_code: str, contest_code: str, to: str | None, by: str | None) -> None:
    """In các trận vòng sau của một phần thi đấu loại: mã, giờ, ai gặp ai; hoặc đưa vào, bỏ ra khỏi lịch."""
    if to is not None:
        with transaction():
            festival = festival_named(festival_code)
            verb = add_later_rounds if to == "add" else drop_later_rounds
            verb(festival.id, contest_named(festival_code, contest_code).id, acting_account(by))
    with reading():
        festival = festival_named(festival_code)
        contest = contest_named(festival_code, contest_code)
        own = [each for each in later_matches(festival.id) if each.contest_id == contest.id]
        for each in told_matches(own):
            at = each.match.starts_at
            click.echo(f"{each.match.code}\t{'' if at is None else f'{local(at):%H:%M %d/%m/%Y}'}\t{each.words}")
        if not own:
            click.echo("Lịch chưa có trận vòng sau nào của phần thi này.")
