"""Deductions without a browser."""

from __future__ import annotations

import click
from sqlalchemy import select

from festival.contests.commands import contest_named
from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.commands import FESTIVAL
from festival.judging.commands import judging_cli
from festival.judging.deductions.giving import give, given, take_back
from festival.roster.models import Entry

REASON = click.option("--reason", required=True, help="Lý do, ghi vào sổ.")


def entry_named(contest: Contest, code: str) -> int:
    found = db.session.scalar(select(Entry.id).where(Entry.code == code, Entry.contest_id == contest.id))
    if found is None:
        raise click.ClickException(f"Phần thi không có tiết mục «{code}».")
    return found


@judging_cli.command("deduct")
@click.argument("contest")
@click.argument("entry")
@click.argument("deduction")
@REASON
@FESTIVAL
def deduct(contest: str, entry: str, deduction: str, reason: str, festival: str | None) -> None:
    """Trừ điểm một tiết mục theo một khoản của thể lệ. DEDUCTION là mã của khoản trừ."""
    with transaction():
        row = contest_named(festival, contest)
        entry_id = entry_named(row, entry)
        number = given(entry_id)
        give(row.id, entry_id, deduction, reason, number, None)
    click.echo(f"{entry}: đã ghi khoản trừ số {number + 1}")


@judging_cli.command("deduct-back")
@click.argument("contest")
@click.argument("entry")
@click.argument("number", type=click.IntRange(1, 9999))
@REASON
@FESTIVAL
def deduct_back(contest: str, entry: str, number: int, reason: str, festival: str | None) -> None:
    """Bỏ một khoản trừ đã ghi. NUMBER là số của khoản trừ, do lệnh deduct in ra."""
    with transaction():
        row = contest_named(festival, contest)
        take_back(row.id, entry_named(row, entry), number, reason, None)
    click.echo(f"{entry}: đã bỏ khoản trừ số {number}")
