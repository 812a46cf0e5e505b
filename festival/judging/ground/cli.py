"""The ground without a browser: which device types a contest, what waits for a person, who has seen a result."""

from __future__ import annotations

import json
from collections.abc import Sequence

import click
from sqlalchemy import select

from festival.contests.commands import contest_named
from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.commands import FESTIVAL
from festival.judging.commands import judging_cli
from festival.judging.ground.counters import awaited
from festival.judging.ground.devices import devices_for, give
from festival.judging.ground.models import SeenHow
from festival.judging.ground.seen import HeadsAnswer, see, unsee
from festival.judging.ground.taking import GroundOutcome, GroundRefused, choose
from festival.judging.ground.tries import TryLine, tries_of
from festival.judging.measuring import drop_measure
from festival.roster.models import Entry

TRY = click.option("--try", "round_", type=int, default=1, show_default=True, help="Lượt thử thứ mấy.")
REFUSALS = {
    "unknown_entry": "Phần thi không có tiết mục này.",
    "locked": "Phần thi đã khóa điểm, không ghi thêm được nữa.",
    "no_conflict": "Lượt này không có hai kết quả.",
    "stale_choice": "Kết quả vừa có bản mới. Chạy lại lệnh.",
    "unknown_choice": "Không có lần ghi mang mã này.",
    "changed": "Chưa có kết quả, hoặc kết quả vừa được sửa.",
    "blank": "Cần nêu lý do.",
}


def entry_of(contest: Contest, code: str) -> int:
    """The entry that a command names."""
    found = db.session.scalar(select(Entry.id).where(Entry.code == code, Entry.contest_id == contest.id))
    if found is None:
        raise click.ClickException(f"Phần thi không có tiết mục «{code}».")
    return found


def line_of(contest: Contest, entry_id: int, round_: int) -> TryLine:
    """What stands of a try, and what was typed beside it."""
    lines = tries_of([contest.id]).get(contest.id, [])
    return next(
        (each for each in lines if (each.entry_id, each.round) == (entry_id, round_)), TryLine(entry_id, "", round_)
    )


def or_stop(outcome: GroundOutcome) -> None:
    """End the command with the reason of a refusal."""
    if isinstance(outcome, GroundRefused):
        raise click.ClickException(REFUSALS.get(outcome.reason, outcome.reason))


@judging_cli.command("ground")
@click.argument("contest")
@FESTIVAL
def ground(contest: str, festival: str | None) -> None:
    """In JSON: máy nào ghi phần thi ở sân, lượt nào có hai kết quả, chờ người đếm, đội chưa xác nhận."""
    with reading():
        row = contest_named(festival, contest)
        devices = [
            {"number": each.number, "station": each.station, "types": each.given or each.of_station}
            for each in devices_for(row)
        ]
        lines = [_said(each, awaited(each.counts, row)) for each in tries_of([row.id]).get(row.id, [])]
    click.echo(json.dumps({"devices": devices, "tries": lines}, ensure_ascii=False))


def _said(each: TryLine, awaits: str | None) -> dict[str, object]:
    def readings(those: Sequence[object]) -> list[dict[str, object]]:
        return [{name: getattr(one, name) for name in ("mid", "device", "state", "value")} for one in those]

    return {
        "entry": each.entry,
        "try": each.round,
        "state": each.state,
        "value": each.value,
        "version": each.version,
        "awaits": awaits,
        "offers": readings(each.offers),
        "counts": readings(each.counts),
        "late": readings(each.refused),
        "seen": None
        if each.seen is None
        else {"how": each.seen.how, "agrees": each.seen.agrees, "note": each.seen.note},
    }


@judging_cli.command("ground-give")
@click.argument("contest")
@click.argument("number", type=int)
@click.option("--back", is_flag=True, help="Thôi giao.")
@FESTIVAL
def ground_give(contest: str, number: int, back: bool, festival: str | None) -> None:
    """Giao phần thi cho máy số NUMBER ở sân, hoặc thôi giao."""
    with transaction():
        give(contest_named(festival, contest), number, None, given=not back)
    click.echo(f"máy {number}: {'thôi giao' if back else 'đã giao'} {contest}")


@judging_cli.command("measure-drop")
@click.argument("contest")
@click.argument("entry")
@TRY
@FESTIVAL
def measure_drop(contest: str, entry: str, round_: int, festival: str | None) -> None:
    """Bỏ kết quả của một lượt; kết quả trước đó vẫn còn trong sổ."""
    with transaction():
        row = contest_named(festival, contest)
        entry_id = entry_of(row, entry)
        drop_measure(row.id, entry_id, round_, line_of(row, entry_id, round_).version, None)
    click.echo(f"{entry}: đã bỏ")


@judging_cli.command("measure-choose")
@click.argument("contest")
@click.argument("entry")
@click.argument("keep")
@TRY
@FESTIVAL
def measure_choose(contest: str, entry: str, keep: str, round_: int, festival: str | None) -> None:
    """Chọn một trong hai kết quả của một lượt: KEEP là current, hoặc mã lần ghi (xem flask judging ground)."""
    with transaction():
        row = contest_named(festival, contest)
        entry_id = entry_of(row, entry)
        outcome = choose(row.id, entry_id, round_, keep, line_of(row, entry_id, round_).version, {})
    or_stop(outcome)
    click.echo(f"{entry}: đã chọn")


@judging_cli.command("measure-seen")
@click.argument("contest")
@click.argument("entry")
@click.option("--paper", default="", help="Đội đã ký trên giấy: vì sao.")
@click.option("--dispute", default="", help="Đội không đồng ý: điều gì.")
@click.option("--undo", is_flag=True, help="Bỏ dấu đã ghi nhầm.")
@TRY
@FESTIVAL
def measure_seen(
    contest: str, entry: str, paper: str, dispute: str, undo: bool, round_: int, festival: str | None
) -> None:
    """Đội trưởng đã xem kết quả của một lượt trên giấy, hoặc không đồng ý."""
    with transaction():
        row = contest_named(festival, contest)
        entry_id = entry_of(row, entry)
        line = line_of(row, entry_id, round_)
        if undo:
            outcome = unsee(row.id, entry_id, round_, line.version, None)
        elif line.state is None:
            outcome = GroundRefused("changed")
        else:
            answer = HeadsAnswer(
                line.state, line.value, not dispute, dispute or paper, SeenHow.PAPER, answers=line.answers
            )
            outcome = see(row.id, entry_id, round_, answer)
    or_stop(outcome)
    click.echo(f"{entry}: {'đã bỏ dấu' if undo else 'đã ghi'}")
