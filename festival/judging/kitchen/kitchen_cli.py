"""Dishes and money of a table without a browser."""

from __future__ import annotations

import click

from festival.contests.commands import contest_named
from festival.core.sentence import Sentence
from festival.core.transaction import transaction
from festival.core.web.errors import BadInput
from festival.core.web.i18n import say
from festival.editions.commands import FESTIVAL
from festival.judging.commands import judging_cli
from festival.judging.deductions.by_command import entry_named
from festival.judging.kitchen.kitchen_rule import TableCount, asks_anything, outside, read_dishes, read_money
from festival.judging.kitchen.noting import last_version, note_table


@judging_cli.command("kitchen")
@click.argument("contest")
@click.argument("entry")
@click.option("--dishes", default="", help="Số món; bỏ trống là chưa đếm.")
@click.option("--spent", default="", help="Số tiền mua thực phẩm, bằng đồng; bỏ trống là chưa ghi.")
@FESTIVAL
def kitchen(contest: str, entry: str, dishes: str, spent: str, festival: str | None) -> None:
    """Ghi số món và số tiền của một mâm thi nấu ăn. Bỏ trống cả hai là bỏ số đã ghi."""
    count_of, money_of = read_dishes(dishes), read_money(spent)
    for fault in (count_of, money_of):
        if isinstance(fault, Sentence):
            raise BadInput(say(fault))
    assert not isinstance(count_of, Sentence) and not isinstance(money_of, Sentence)
    with transaction():
        row = contest_named(festival, contest)
        if not asks_anything(row):
            raise click.ClickException("Thể lệ của phần thi không hạn số món hay số tiền.")
        entry_id = entry_named(row, entry)
        count = TableCount(count_of, money_of)
        note_table(row.id, entry_id, count, last_version(entry_id), None)
        said = "; ".join(say(each) for each in outside(row, count))
    click.echo(f"{entry}: đã ghi" + (f", ngoài thể lệ: {said}" if said else ""))
