"""`flask schedule undo|redo|lock|unlock|put|shift|order|close-stage|open-stage`: what the board does, without a browser."""

from __future__ import annotations

from datetime import datetime

import click

from festival.contests.commands import contest_named
from festival.core.clock import from_local, local, now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.commands import festival_named
from festival.roster.models import EntryState
from festival.schedule import queries
from festival.schedule.by_command.cli import BY, schedule_cli
from festival.schedule.by_command.timetable_cli import (
    MOMENT,
    YES,
    carried,
    festival_and_account,
    session_named,
    stage_named,
)
from festival.schedule.conflicts import Clash, day_clock
from festival.schedule.editing.steps import close_stage
from festival.schedule.history.steps import next_steps
from festival.schedule.models import Stage
from festival.schedule.moving import acts, locking
from festival.schedule.moving.foreseen import Spot, place
from festival.schedule.moving.lying import Lying, lying
from festival.schedule.moving.shifting import Shift, shift
from festival.schedule.moving.undoing import turn
from festival.schedule.stage_day.reading import stage_day, written_starts
from festival.schedule.timetable import day_number, sessions_alone
from festival.schedule.wishing.finding import act_meant
from festival.schedule.words import STATE_WORDS

DAY = click.DateTime(["%Y-%m-%d"])
OF_SESSION = (str, str, MOMENT)  # contest, stage, start


@schedule_cli.command("undo")
@click.argument("festival_code")
@YES
@BY
def undo(festival_code: str, yes: bool, by: str | None) -> None:
    """Hoàn tác bước gần nhất của lịch đang xếp, của ai cũng được; làm lại: flask schedule redo."""
    _turned(festival_code, yes, by, back=True)


@schedule_cli.command("redo")
@click.argument("festival_code")
@YES
@BY
def redo(festival_code: str, yes: bool, by: str | None) -> None:
    """Làm lại bước vừa hoàn tác."""
    _turned(festival_code, yes, by, back=False)


def _turned(festival_code: str, yes: bool, by: str | None, *, back: bool) -> None:
    festival_id, acting = festival_and_account(festival_code, by)
    with reading():
        following = next_steps(festival_id, acting)
    told = following.back if back else following.again
    if told is None:
        raise click.ClickException("Không có bước nào để hoàn tác." if back else "Không có bước nào để làm lại.")
    click.echo(
        f"{'Hoàn tác' if back else 'Làm lại'}: {told.words} ({told.who or 'lệnh'}, {local(told.at):%H:%M %d/%m})"
    )
    carried(festival_id, lambda: turn(festival_id, told.id, acting, back=back), yes)
    click.echo("Đã hoàn tác." if back else "Đã làm lại.")


@schedule_cli.command("lock")
@click.argument("festival_code")
@click.option("--act", "named", help="Tiết mục: tên hoặc mã.")
@click.option("--session", "which", type=OF_SESSION, help="Buổi thi: mã phần thi, mã sân khấu, giờ bắt đầu.")
@click.option("--day", type=DAY, help="Mọi buổi của một ngày, viết như 2024-06-14.")
@BY
def lock(
    festival_code: str,
    named: str | None,
    which: tuple[str, str, datetime] | None,
    day: datetime | None,
    by: str | None,
) -> None:
    """Khóa một tiết mục, một buổi hoặc cả ngày: xếp lại, xếp nốt, đổi lượt không dời nữa."""
    _held(festival_code, named, which, day, by, held=True)


@schedule_cli.command("unlock")
@click.argument("festival_code")
@click.option("--act", "named", help="Tiết mục: tên hoặc mã.")
@click.option("--session", "which", type=OF_SESSION, help="Buổi thi: mã phần thi, mã sân khấu, giờ bắt đầu.")
@click.option("--day", type=DAY, help="Mọi buổi của một ngày, viết như 2024-06-14.")
@BY
def unlock(
    festival_code: str,
    named: str | None,
    which: tuple[str, str, datetime] | None,
    day: datetime | None,
    by: str | None,
) -> None:
    """Mở khóa một tiết mục, một buổi hoặc cả ngày."""
    _held(festival_code, named, which, day, by, held=False)


def _held(
    festival_code: str, named: str | None, which: tuple[str, str, datetime] | None, day: datetime | None,
    by: str | None, *, held: bool,
) -> None:  # fmt: skip
    if (named, which, day).count(None) != 2:
        raise click.ClickException("Cần đúng một trong ba: --act, --session, --day.")
    festival_id, acting = festival_and_account(festival_code, by)
    with transaction():
        if named is not None:
            said = locking.lock_act(festival_id, act_code(lying(festival_id), named, festival_id), held, acting)
        elif which is not None:
            session_id = session_meant(festival_code, festival_id, which)
            said = queries.session_title(locking.lock_session(festival_id, session_id, held, acting))
        else:
            assert day is not None
            many = locking.lock_day(festival_id, day.date(), held, acting)
            said = f"ngày {day:%d/%m/%Y}, {many} buổi"
    click.echo(f"Đã khóa {said}." if held else f"Đã mở khóa {said}.")


def act_code(table: Lying, named: str, festival_id: int) -> str:
    """What is planned of it: of a match both together."""
    entry_id = act_meant(festival_id, named)
    code = next((code for code, entries in table.given.entries_of.items() if entry_id in entries), None)
    if code is None:
        raise click.ClickException("Phần thi của tiết mục này chưa có buổi nào. Thêm: flask schedule session")
    return code


def session_meant(festival_code: str, festival_id: int, which: tuple[str, str, datetime]) -> int:
    contest, stage, starts_at = which
    return session_named(festival_id, contest_named(festival_code, contest).id, stage, starts_at)


@schedule_cli.command("put")
@click.argument("festival_code")
@click.argument("act")
@click.argument("stage_code", required=False)
@click.argument("starts_at", type=MOMENT, required=False)
@click.option("--before", help="Đứng trước tiết mục này (tên hoặc mã); không có thì cuối buổi.")
@click.option("--out", is_flag=True, help="Đưa ra khỏi lịch; tiết mục vẫn dự thi, chưa có giờ.")
@YES
@BY
def put(
    festival_code: str,
    act: str,
    stage_code: str | None,
    starts_at: datetime | None,
    before: str | None,
    out: bool,
    yes: bool,
    by: str | None,
) -> None:
    """Đặt một tiết mục (tên hoặc mã) vào buổi ở sân khấu, giờ bắt đầu buổi ấy; hoặc --out để đưa ra khỏi lịch."""
    festival_id, acting = festival_and_account(festival_code, by)
    with reading():
        table = lying(festival_id)
        code = act_code(table, act, festival_id)
        if out:
            chosen = None
        elif stage_code is None or starts_at is None:
            raise click.ClickException("Cần mã sân khấu và giờ bắt đầu của buổi, hoặc --out.")
        else:
            where = stage_code, starts_at
            contest = table.acts[code].contest
            session_id = session_meant(festival_code, festival_id, (contest, *where))
            chosen = session_id, "" if before is None else act_code(table, before, festival_id)
    if chosen is None:
        name = carried(festival_id, lambda: acts.take_off(festival_id, code, acting), yes)
        click.echo(f"Đã đưa «{name}» ra khỏi lịch. Lấy lại: flask schedule undo")
        return
    spot = carried(festival_id, lambda: _put(festival_id, code, *chosen, acting), yes)
    click.echo(f"Đã đặt «{table.acts[code].title}» lúc {day_clock(spot.starts_at)}, {spot.session.stage.name}.")


def _put(festival_id: int, code: str, session_id: int, before: str, by: int | None) -> Spot:
    """With what follows as it is at this moment: `carried` has said it."""
    table = lying(festival_id)
    session = next((row for row in table.open_to(code) if row.id == session_id), None)
    stamp = "" if session is None else place(table, code, session, before).stamp
    return acts.put(festival_id, code, session_id, before, stamp, by)


@schedule_cli.command("shift")
@click.argument("festival_code")
@click.option(
    "--session", "which", type=OF_SESSION, multiple=True, help="Buổi thi: mã phần thi, mã sân khấu, giờ; ghi nhiều lần được."
)  # fmt: skip
@click.option("--day", type=DAY, help="Mọi buổi của một ngày, viết như 2024-06-14.")
@click.option("--to", "stage_code", default="", help="Mã sân khấu mới; không có thì mỗi buổi ở nguyên sân khấu.")
@click.option("--at", "starts_at", type=MOMENT, help="Giờ mới của buổi sớm nhất; các buổi khác đi theo.")
@YES
@BY
def shift_sessions(
    festival_code: str,
    which: tuple[tuple[str, str, datetime], ...],
    day: datetime | None,
    stage_code: str,
    starts_at: datetime | None,
    yes: bool,
    by: str | None,
) -> None:
    """Dời các buổi, hoặc cả ngày, sang sân khấu hay giờ khác bằng một bước; tiết mục đã thi giữ nguyên chỗ."""
    festival_id, acting = festival_and_account(festival_code, by)
    if (day is None) is (not which):
        raise click.ClickException("Cần --session (nhiều lần được) hoặc --day.")
    with reading():
        chosen = [session_meant(festival_code, festival_id, each) for each in which]
        if day is not None:
            chosen = [row.id for row in sessions_alone(festival_id) if local(row.starts_at).date() == day.date()]
    wanted = Shift(tuple(chosen), stage_code, None if starts_at is None else from_local(starts_at))
    done = carried(festival_id, lambda: shift(festival_id, wanted, acting), yes)
    stayed = f" {done.stayed} tiết mục đã thi hoặc đang thi giữ nguyên chỗ." if done.stayed else ""
    click.echo(f"Đã dời {done.sessions} buổi thi.{stayed}")


@schedule_cli.command("order")
@click.argument("festival_code")
@click.argument("stage_code")
@click.option("--day", type=DAY, help="Ngày khác hôm nay, viết như 2024-06-14.")
def order(festival_code: str, stage_code: str, day: datetime | None) -> None:
    """In thứ tự một ngày của sân khấu như trang điều hành đang theo: giờ công bố, giờ dự kiến, trạng thái."""
    with reading():
        festival_id = festival_named(festival_code).id
        stage = db.session.get_one(Stage, stage_named(festival_id, stage_code))
        shown = stage_day(stage, now(), 0 if day is None else day_number(day.date()))
        click.echo(f"{stage.name} · {shown.day:%d/%m/%Y}" if shown.day else f"{stage.name}: chưa có tiết mục nào.")
        version = shown.follows.version
        click.echo("Theo lịch đang xếp." if version is None else f"Theo phiên bản {version}.")
        late = written_starts(shown.expected)
        for act in (*reversed(shown.over), *shown.now, *shown.then, *shown.rest, *shown.absent):
            expected = f"\tdự kiến {late[act.id]}" if act.id in late else ""
            number = act.entry.number or "-"
            state = STATE_WORDS[act.state] if act.entry.state is EntryState.ENROLLED else "đã rút"
            click.echo(f"{local(act.starts_at):%H:%M}\t{number}\t{act.entry.name}\t{state}{expected}")
        for name in shown.follows.lacking:
            click.echo(f"- đã công bố nhưng mất chỗ trong lịch đang xếp: {name}")


@schedule_cli.command("close-stage")
@click.argument("festival_code")
@click.argument("stage_code")
@BY
def close(festival_code: str, stage_code: str, by: str | None) -> None:
    """Đóng sân khấu: không buổi hay tiết mục nào được đưa thêm vào; các buổi đang có giữ nguyên."""
    _stage_turned(festival_code, stage_code, by, closed=True)


@schedule_cli.command("open-stage")
@click.argument("festival_code")
@click.argument("stage_code")
@BY
def reopen(festival_code: str, stage_code: str, by: str | None) -> None:
    """Mở lại sân khấu đã đóng."""
    _stage_turned(festival_code, stage_code, by, closed=False)


def _stage_turned(festival_code: str, stage_code: str, by: str | None, *, closed: bool) -> None:
    festival_id, acting = festival_and_account(festival_code, by)
    with transaction():
        name = close_stage(festival_id, stage_code, closed, acting).name
        found = [each for each in queries.plan_conflicts(festival_id) if each.kind is Clash.CLOSED] if closed else []
    click.echo(f"Đã đóng {name}." if closed else f"Đã mở lại {name}.")
    for conflict in found:
        click.echo(f"- {conflict}")
