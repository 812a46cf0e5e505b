"""`flask schedule …`: draw, plan, publication and the day on stage without a browser; the rest is in `timetable_cli`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup
from sqlalchemy import select

from festival.accounts.commands import acting_account
from festival.contests.commands import contest_named
from festival.contests.models import Contest
from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.commands import festival_named
from festival.roster.models import Entry
from festival.schedule import drawing, planning, queries
from festival.schedule.conflicts import PlanConflict
from festival.schedule.draw import Undrawn
from festival.schedule.drawing import DrawRecorded
from festival.schedule.models import Act, ActState
from festival.schedule.moving.acts import move_act
from festival.schedule.planning import LeftOut, NotPublished, Published
from festival.schedule.stage_day.taking import take_step
from festival.schedule.words import STATE_WORDS

schedule_cli = AppGroup("schedule", help="Bốc thăm và lịch thi.")
BY = click.option("--by", help="Tên đăng nhập của người làm bước này.")


@schedule_cli.command("draw")
@click.argument("festival_code")
@click.argument("contest_code")
@click.option("--seed", help="Bốc thăm theo số gieo; ai có số này cũng tính lại được thứ tự.")
@click.option(
    "--numbers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tệp ghi kết quả bốc tại buổi họp: mỗi dòng «số<Tab>mã tiết mục».",
)
@click.option("--cancel", "reason", help="Hủy kết quả đã bốc, ghi lý do.")
def draw(festival_code: str, contest_code: str, seed: str | None, numbers: Path | None, reason: str | None) -> None:
    """Ghi kết quả bốc thăm: bốc tay (--numbers) hoặc theo số gieo (--seed); không có tùy chọn thì in kết quả đã bốc."""
    with transaction():
        contest = contest_named(festival_code, contest_code)
        if reason is not None:
            drawing.cancel_draw(contest.id, reason, None)
        if seed is not None:
            drawing.draw_by_seed(contest.id, seed, None)
        elif numbers is not None:
            _report(drawing.draw_by_hand(contest.id, numbers_typed(numbers), None))
    with reading():
        contest = contest_named(festival_code, contest_code)
        for entry in queries.enrolled(contest.id):
            click.echo(f"{entry.number if entry.number is not None else '-'}\t{entry.code}\t{entry.name}")


def numbers_typed(numbers: Path) -> dict[str, str]:
    """The lines of a file of numbers, by entry."""
    rows = [line.split("\t") for line in numbers.read_text("utf-8").splitlines() if line.strip()]
    if any(len(row) < 2 for row in rows):
        raise click.ClickException("Mỗi dòng phải là «số<Tab>mã tiết mục».")
    return {row[1].strip(): row[0] for row in rows}


def _report(answer: DrawRecorded | Undrawn) -> None:
    match answer:
        case DrawRecorded():
            return
        case Undrawn():
            undrawn_told(answer)


def undrawn_told(answer: Undrawn) -> NoReturn:
    """Why the numbers are no draw."""
    raise click.ClickException("\n".join(f"{code}: {fault}" for code, fault in answer.faults.items()))


@schedule_cli.command("plan")
@click.argument("festival_code")
@click.option(
    "--gap", default=queries.GAP_MIN, show_default=True, help="Số phút tối thiểu giữa hai lượt của một gia đình."
)
@click.option("--free-order", is_flag=True, help="Không buộc theo thứ tự bốc thăm.")
@BY
def plan(festival_code: str, gap: int, free_order: bool, by: str | None) -> None:
    """Xếp lịch thi lần đầu."""
    with transaction():
        festival_id = festival_named(festival_code).id
        done = planning.make_plan(festival_id, gap_min=gap, order_binds=not free_order, by=acting_account(by))
    click.echo(f"Đã xếp {done.placed} tiết mục.")
    conflicts_told(done.conflicts)
    if done.conflicts:
        raise SystemExit(2)


def conflicts_told(conflicts: Iterable[PlanConflict]) -> None:
    """What the checker says, a line each."""
    for conflict in conflicts:
        click.echo(f"- {conflict}")


def _act(festival_code: str, entry_code: str) -> Act:
    act = db.session.scalars(
        select(Act)
        .join(Entry, Entry.id == Act.entry_id)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Entry.code == entry_code, Contest.festival_id == festival_named(festival_code).id)
    ).one_or_none()
    if act is None:
        raise click.ClickException(f"Tiết mục «{entry_code}» chưa có trong lịch. Xem mã: flask schedule draw")
    return act


@schedule_cli.command("move")
@click.argument("festival_code")
@click.argument("entry_code")
@click.option("--earlier/--later", "earlier", default=None, help="Đổi với lượt trước, hay với lượt sau.")
@BY
def move(festival_code: str, entry_code: str, earlier: bool | None, by: str | None) -> None:
    """Đổi lượt một tiết mục với lượt liền trước hoặc liền sau trong buổi (đổi ngược lại để hoàn tác)."""
    if earlier is None:
        raise click.ClickException("Cần --earlier hoặc --later.")
    with transaction():
        act = move_act(_act(festival_code, entry_code).id, earlier, acting_account(by))
        said = f"{act.entry.name}: {local(act.starts_at):%H:%M %d/%m/%Y}, lượt {act.position} của buổi."
    click.echo(said)


@schedule_cli.command("act")
@click.argument("festival_code")
@click.argument("entry_code")
@click.argument("state", type=click.Choice([state.value for state in ActState]))
def act_state(festival_code: str, entry_code: str, state: str) -> None:
    """Ghi việc của một tiết mục trong ngày: chuẩn bị, lên sân khấu, xong, vắng, hay chờ trở lại."""
    with transaction():
        act = _act(festival_code, entry_code)
        done = take_step(act.id, act.state, ActState(state))
        said = f"{done.entry.name}: {STATE_WORDS[done.state]}."
    click.echo(said)


@schedule_cli.command("publish")
@click.argument("festival_code")
@click.option("--note", default="", help="Ghi chú cho phiên bản này.")
@click.option("--leave-out", is_flag=True, help="Công bố cả khi còn tiết mục chưa có giờ (được nêu tên).")
@click.option("--on-closed", is_flag=True, help="Công bố cả khi còn tiết mục ở sân khấu đã đóng (được nêu tên).")
@BY
def publish(festival_code: str, note: str, leave_out: bool, on_closed: bool, by: str | None) -> None:
    """Công bố lịch đang xếp thành phiên bản kế tiếp."""
    with transaction():
        festival_id = festival_named(festival_code).id
        missing = planning.left_out(festival_id, queries.plan_conflicts(festival_id))
        agreed = (leave_out or not missing.acts) and (on_closed or not missing.closed)
        answer = planning.publish(festival_id, acting_account(by), note, without=missing.stamp if agreed else "")
    match answer:
        case Published(version):
            click.echo(f"Đã công bố lịch thi phiên bản {version}.")
            _name(missing)
        case LeftOut():
            _name(answer)
            raise click.ClickException(f"Chưa công bố: {_lacking(answer, leave_out, on_closed)}.")
        case NotPublished(conflicts):
            conflicts_told(conflicts)
            raise click.ClickException("Chưa công bố: có người vắng mặt, hoặc phải ở hai nơi cùng lúc.")


def _lacking(missing: LeftOut, leave_out: bool, on_closed: bool) -> str:
    said = []
    if missing.acts and not leave_out:
        said.append(
            f"{len(missing.acts)} tiết mục chưa có giờ. Xếp nốt: flask schedule fill; "
            "hoặc thêm --leave-out để công bố không có các tiết mục này"
        )
    if missing.closed and not on_closed:
        said.append("còn tiết mục ở sân khấu đã đóng. Dời: flask schedule shift; hoặc thêm --on-closed để vẫn công bố")
    return "; ".join(said)


def _name(missing: LeftOut) -> None:
    for sentence in missing.closed:
        click.echo(f"- {sentence}")
    for act in missing.acts:
        click.echo(f"- chưa có giờ: {act.name} ({act.contest})")


@schedule_cli.command("show")
@click.argument("festival_code")
def show(festival_code: str) -> None:
    """In lịch đang xếp."""
    with reading():
        for row in queries.sessions(festival_named(festival_code).id):
            click.echo(f"{row.stage.name} · {queries.session_title(row)} · {local(row.starts_at):%d/%m %H:%M}")
            for act in row.acts:
                click.echo(f"  {local(act.starts_at):%H:%M}\t{act.entry.number or '-'}\t{act.entry.name}")
