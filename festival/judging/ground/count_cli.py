"""Blind counts without a browser: one counter's count as that counter's device would send it, and what the head judge decided."""

from __future__ import annotations

import uuid

import click

from festival.contests.commands import contest_named
from festival.contests.marks import Blank
from festival.contests.measures import BadTyped, Typed
from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.i18n import say
from festival.editions.commands import FESTIVAL
from festival.judging.commands import judging_cli
from festival.judging.ground.cli import TRY, entry_of, line_of, or_stop
from festival.judging.ground.counters import awaited
from festival.judging.ground.devices import devices_for
from festival.judging.ground.taking import GroundApart, GroundSaid, GroundTaken, take
from festival.judging.measuring import MeasureRefused, note_measure, read_value
from festival.judging.models import MeasureState

AWAITS = {
    "other": "chờ người đếm kia",
    "differs": "hai số lệch nhau, chờ đếm lần thứ ba",
    "head_judge": "ba số lệch nhau, chờ trọng tài chính (flask judging count-decide)",
}


def _value(contest: Contest, typed: str) -> int:
    match read_value(contest, typed):
        case Typed(number):
            return number
        case BadTyped(said):
            raise click.ClickException(say(said))
        case Blank():
            raise click.ClickException("Chưa gõ kết quả.")


@judging_cli.command("count")
@click.argument("contest")
@click.argument("entry")
@click.argument("value")
@click.option("--device", type=int, required=True, help="Số của máy ở sân mà người đếm cầm.")
@TRY
@FESTIVAL
def count(contest: str, entry: str, value: str, device: int, round_: int, festival: str | None) -> None:
    """Ghi số của một người đếm, như máy của người ấy gửi; hai người đếm riêng thì không ai thấy số của ai.

    VALUE là số (12) hoặc thời gian (1:23,45). Mỗi người đếm một máy; số đã ghi đè lên bằng lần ghi sau của cùng máy.
    """
    with transaction():
        row = contest_named(festival, contest)
        given = {each.number: each for each in devices_for(row) if each.given or each.of_station}
        if device not in given:
            raise click.ClickException(f"Máy {device} không ghi phần thi này (xem flask judging ground-give).")
        if not 1 <= round_ <= row.attempts:
            raise click.ClickException(f"Phần thi này có {row.attempts} lượt thử.")
        entry_id = entry_of(row, entry)
        said = GroundSaid(
            mid=str(uuid.uuid4()),
            device_id=given[device].id,
            device_number=device,
            contest_id=row.id,
            entry_id=entry_id,
            round=round_,
            state=MeasureState.VALID,
            value=_value(row, value),
            base_version=line_of(row, entry_id, round_).version,
            received_at=now(),
        )
        outcome = take(said)
        db.session.flush()
        waits = awaited(line_of(row, entry_id, round_).counts, row)
    or_stop(outcome)
    match outcome:
        case GroundTaken():
            click.echo(f"{entry}: đã ghi")
        case GroundApart():
            click.echo(
                f"{entry}: kết quả đã đổi hoặc còn chờ chọn; số này được giữ bên cạnh (flask judging measure-choose)"
            )
        case _:
            click.echo(f"{entry}: {AWAITS[waits or 'other']}")


@judging_cli.command("count-decide")
@click.argument("contest")
@click.argument("entry")
@click.argument("value")
@click.option("--reason", required=True, help="Trọng tài chính là ai, quyết định vì sao.")
@TRY
@FESTIVAL
def count_decide(contest: str, entry: str, value: str, reason: str, round_: int, festival: str | None) -> None:
    """Ghi số mà trọng tài chính quyết định khi những người đếm không khớp."""
    reason = " ".join(reason.split())[:300]
    if not reason:
        raise click.ClickException("Cần nêu lý do.")
    with reading():
        row = contest_named(festival, contest)
        entry_id = entry_of(row, entry)
        number, version = _value(row, value), line_of(row, entry_id, round_).version
    with transaction():
        outcome = note_measure(row.id, entry_id, round_, MeasureState.VALID, number, version, None, {"reason": reason})
    if isinstance(outcome, MeasureRefused):
        raise click.ClickException(outcome.said)
    click.echo(f"{entry}: đã ghi quyết định")
