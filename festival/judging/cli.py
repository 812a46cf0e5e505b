"""Judging without a browser: who has not marked, type a count, a time, an overtime. (`lock`: see results/cli.py.)"""

from __future__ import annotations

import json

import click
from sqlalchemy import select

from festival.contests.commands import contest_named
from festival.contests.marks import Blank
from festival.contests.measures import BadTyped, Typed
from festival.contests.questions.answers import Answered
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.i18n import say
from festival.editions.commands import FESTIVAL
from festival.judging.by_hand import correct_cli, desk_cli, panel_cli
from festival.judging.commands import YES, judging_cli
from festival.judging.confirming import confirm_public, public_order
from festival.judging.deductions import by_command as deduction_commands
from festival.judging.ground import cli as ground_cli
from festival.judging.ground import count_cli
from festival.judging.kitchen import kitchen_cli
from festival.judging.matches import bracket_cli
from festival.judging.matches.ordering import OrderRefused, note_order
from festival.judging.measures import answer_cli
from festival.judging.measuring import MeasureRefused, answers_in, note_measure, note_overtime, read_result
from festival.judging.models import Measure, MeasureState
from festival.judging.plates import plates_cli
from festival.judging.sheets.coming import to_come
from festival.judging.tally import read_tally
from festival.roster.models import Entry

__all__ = [
    "answer_cli",
    "bracket_cli",
    "correct_cli",
    "count_cli",
    "deduction_commands",
    "desk_cli",
    "ground_cli",
    "judging_cli",
    "kitchen_cli",
    "panel_cli",
    "plates_cli",
]  # commands of other modules join the group when imported

OUT = (MeasureState.DID_NOT_START, MeasureState.DID_NOT_FINISH, MeasureState.DISQUALIFIED)


@judging_cli.command("status")
@click.argument("contest")
@FESTIVAL
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def status(contest: str, festival: str | None, as_json: bool) -> None:
    """Ai chưa chấm tiết mục nào, và bao nhiêu tiết mục chưa diễn."""
    with reading():
        tallied = read_tally(contest_named(festival, contest))
    missing = [
        {"judge": seat.letter, "entry": appearance.code, "name": appearance.name}
        for appearance, seat in tallied.missing()
    ]
    unmeasured = [{"entry": appearance.code, "name": appearance.name} for appearance in tallied.unmeasured()]
    conflicts = [{"judge": seat.letter, "entry": appearance.code} for appearance, seat in tallied.conflicts()]
    coming = to_come(tallied)
    later = [appearance.code for appearance in tallied.appearances if appearance.id in coming]
    if as_json:
        click.echo(
            json.dumps(
                {
                    "state": tallied.contest.state.value,
                    "entries": [{"code": t.code, "number": t.number, "name": t.name} for t in tallied.appearances],
                    "sheets": len(tallied.sheets),
                    "missing": missing,
                    "unmeasured": unmeasured,
                    "conflicts": conflicts,
                    "to_come": later,
                },
                ensure_ascii=False,
            )
        )
        return
    missing = [each for each in missing if each["entry"] not in later]
    unmeasured = [each for each in unmeasured if each["entry"] not in later]
    still = f", còn {len(later)} tiết mục chưa diễn" if later else ""
    sheets = f"{len(tallied.sheets)} phiếu, thiếu {len(missing)}, xung đột {len(conflicts)}"
    click.echo(f"{tallied.contest.name}: {sheets}{still}")
    for each in missing:
        click.echo(f"  giám khảo {each['judge']} chưa chấm {each['name']} ({each['entry']})")
    for each in unmeasured:
        click.echo(f"  chưa có kết quả: {each['name']} ({each['entry']})")


@judging_cli.command("measure")
@click.argument("contest")
@click.argument("entry")
@click.argument("value")
@FESTIVAL
@click.option("--try", "round_", type=int, default=1, show_default=True, help="Lượt thử thứ mấy.")
@YES
def measure(contest: str, entry: str, value: str, festival: str | None, round_: int, yes: bool) -> None:
    """Ghi số lượt hoặc thời gian của một tiết mục.

    VALUE là số (12), thời gian (1:23,45), câu trả lời mỗi câu một chữ (ĐĐSB), hoặc dns, dnf, dsq; phần thi công bố ngay hỏi lại trước khi ghi dns, dnf, dsq.
    ENTRY là mã của tiết mục. Phần thi đấu loại: xem flask judging order.
    """
    if value in OUT:
        confirm_public(festival, contest, entry, MeasureState(value), yes=yes)
    with transaction():
        row = contest_named(festival, contest)
        entry_id = db.session.scalar(select(Entry.id).where(Entry.code == entry, Entry.contest_id == row.id))
        if entry_id is None:
            raise click.ClickException(f"Phần thi không có tiết mục «{entry}».")
        state, number, answers = MeasureState.VALID, None, None
        if value in OUT:
            state = MeasureState(value)
        else:
            match read_result(row, value):
                case Typed() | Answered() as result:
                    number, answers = result.value, answers_in(result)
                case BadTyped(said):
                    raise click.ClickException(str(said))
                case Blank():
                    raise click.ClickException("Chưa gõ kết quả.")
        held = db.session.scalar(select(Measure.version).where(Measure.entry_id == entry_id, Measure.round == round_))
        outcome = note_measure(row.id, entry_id, round_, state, number, held or 0, None, None, answers)
    if isinstance(outcome, MeasureRefused):
        raise click.ClickException(outcome.said)
    click.echo(f"{entry}: {value}")


@judging_cli.command("overtime")
@click.argument("contest")
@click.argument("entry")
@click.argument("seconds", type=click.IntRange(-36_000, 36_000))
@FESTIVAL
def overtime(contest: str, entry: str, seconds: int, festival: str | None) -> None:
    """Ghi số giây quá giờ của một tiết mục; số âm (sau dấu --) là kết thúc sớm bấy nhiêu giây."""
    with transaction():
        row = contest_named(festival, contest)
        entry_id = db.session.scalar(select(Entry.id).where(Entry.code == entry, Entry.contest_id == row.id))
        if entry_id is None:
            raise click.ClickException(f"Phần thi không có tiết mục «{entry}».")
        note_overtime(row.id, entry_id, seconds, None)
    click.echo(f"{entry}: quá {seconds} giây" if seconds >= 0 else f"{entry}: kết thúc sớm {-seconds} giây")


@judging_cli.command("order")
@click.argument("contest")
@click.argument("order", nargs=-1, required=True)
@FESTIVAL
@YES
def order(contest: str, order: tuple[str, ...], festival: str | None, yes: bool) -> None:
    """Ghi thứ hạng chung cuộc của một phần thi đấu loại.

    ORDER là mã các tiết mục, nhất đứng trước, dấu = giữa hai mã là đồng hạng. Đọc lại và hỏi trước khi ghi.
    """
    groups = [group.split("=") for group in order]
    with reading():
        row = contest_named(festival, contest)
        tallied = read_tally(row)
        lines = public_order(groups, {each.code: f"{each.name}, {each.delegation}" for each in tallied.appearances})
    click.echo("\n".join(lines))
    if not yes:
        click.confirm("Đúng thứ hạng này. Ghi?", abort=True)
    with transaction():
        outcome = note_order(row.id, groups, tallied.order_version, None)
    if isinstance(outcome, OrderRefused):
        raise click.ClickException(say(outcome.said))
    click.echo(f"Đã ghi thứ hạng của {contest}.")
