"""`flask schedule …`: what is changed after a draw, when the stage is tried, every list as one PDF."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from festival.accounts.commands import acting_account
from festival.contests.commands import contest_named
from festival.core.clock import from_local, local
from festival.core.looks import reading_secrets
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.editions.commands import festival_named
from festival.schedule import planning, queries
from festival.schedule.by_command import fill_cli, timetable_cli
from festival.schedule.by_command.cli import BY, conflicts_told, numbers_typed, schedule_cli, undrawn_told
from festival.schedule.draw import Undrawn
from festival.schedule.drawing import restore_draw, standing_draw
from festival.schedule.drawn import changing, trials
from festival.schedule.drawn.lists import all_lists

__all__ = ["fill_cli", "timetable_cli"]  # its commands come with these


@schedule_cli.command("swap-numbers")
@click.argument("festival_code")
@click.argument("contest_code")
@click.argument("entry_code")
@click.argument("other_code")
@click.option("--head", "heads", multiple=True, help="Trưởng đoàn đồng ý; ghi hai lần, theo thứ tự hai tiết mục.")
@click.option("--reason", required=True, help="Lý do, ghi vào sổ.")
@BY
def swap_numbers(
    festival_code: str,
    contest_code: str,
    entry_code: str,
    other_code: str,
    heads: tuple[str, ...],
    reason: str,
    by: str | None,
) -> None:
    """Hai đoàn đổi số cho nhau, cùng chỗ trong lịch đang xếp, khi chưa ai lên sân khấu."""
    if len(heads) != 2:
        raise click.ClickException("Cần --head hai lần: trưởng đoàn của từng tiết mục.")
    with transaction():
        contest = contest_named(festival_code, contest_code)
        changing.swap(contest.id, (entry_code, other_code), (heads[0], heads[1]), reason, acting_account(by))
    click.echo("Đã đổi số. Hoàn tác: flask schedule undo-numbers")


@schedule_cli.command("correct-number")
@click.argument("festival_code")
@click.argument("contest_code")
@click.argument("entry_code")
@click.argument("number", type=int)
@click.option("--reason", required=True, help="Lý do, ghi vào sổ.")
@BY
def correct_number(
    festival_code: str, contest_code: str, entry_code: str, number: int, reason: str, by: str | None
) -> None:
    """Sửa một số gõ nhầm trước điểm đầu tiên; tiết mục đang giữ số ấy nhận số còn lại."""
    with transaction():
        contest = contest_named(festival_code, contest_code)
        changing.correct_number(contest.id, entry_code, number, reason, acting_account(by))
    click.echo("Đã sửa số. Hoàn tác: flask schedule undo-numbers")


@schedule_cli.command("late-numbers")
@click.argument("festival_code")
@click.argument("contest_code")
@click.option("--seed", default="", help="Theo số gieo, khi có nhiều tiết mục.")
@click.option(
    "--numbers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Tệp kết quả bốc bổ sung: mỗi dòng «số<Tab>mã tiết mục».",
)
@BY
def late_numbers(festival_code: str, contest_code: str, seed: str, numbers: Path | None, by: str | None) -> None:
    """Cho tiết mục được duyệt sau khi bốc thăm các số tiếp theo; một tiết mục thì nhận ngay số tiếp theo."""
    with transaction():
        contest = contest_named(festival_code, contest_code)
        typed = numbers_typed(numbers) if numbers else {}
        late = changing.without_number(contest.id)
        if len(late) == 1 and not typed:
            typed = dict.fromkeys(late, str(len(standing_draw(contest.id).order) + 1))
        answer = changing.add_late(contest.id, typed, seed, acting_account(by))
        if isinstance(answer, Undrawn):
            undrawn_told(answer)
    click.echo("Đã ghi số. Hoàn tác: flask schedule undo-numbers")


@schedule_cli.command("undo-numbers")
@click.argument("festival_code")
@click.argument("contest_code")
@click.option("--reason", required=True, help="Lý do, ghi vào sổ.")
@BY
def undo_numbers(festival_code: str, contest_code: str, reason: str, by: str | None) -> None:
    """Hoàn tác lần đổi, sửa hoặc thêm số sau cùng của phần thi."""
    with transaction():
        contest = contest_named(festival_code, contest_code)
        standing = changing.standing_changes(standing_draw(contest.id))
        if not standing:
            raise click.ClickException("Chưa có thay đổi nào sau bốc thăm để hoàn tác.")
        changing.undo(contest.id, standing[-1].id, reason, acting_account(by))
    click.echo("Đã hoàn tác.")


@schedule_cli.command("restore-draw")
@click.argument("festival_code")
@click.argument("contest_code")
@BY
def restore(festival_code: str, contest_code: str, by: str | None) -> None:
    """Lấy lại kết quả bốc thăm vừa hủy."""
    with transaction():
        restore_draw(contest_named(festival_code, contest_code).id, acting_account(by))
    click.echo("Đã lấy lại kết quả bốc thăm.")


@schedule_cli.command("stage-trial")
@click.argument("festival_code")
@click.argument("contest_code")
@click.argument("stage_code", required=False)
@click.argument("starts_at", type=click.DateTime(["%Y-%m-%dT%H:%M"]), required=False)
@click.option("--minutes", type=int, help="Số phút mỗi đoàn.")
@click.option("--take-back", is_flag=True, help="Bỏ giờ ráp sân khấu.")
@BY
def stage_trial(
    festival_code: str,
    contest_code: str,
    stage_code: str | None,
    starts_at: datetime | None,
    minutes: int | None,
    take_back: bool,
    by: str | None,
) -> None:
    """Xếp giờ ráp sân khấu theo thứ tự bốc thăm (giờ Việt Nam); không có giờ thì in giờ của từng đoàn."""
    with transaction():
        contest = contest_named(festival_code, contest_code)
        row = trials.trial_of(contest.id)
        version = row.version if row else 0
        if take_back:
            trials.take_trial_back(contest.id, version, acting_account(by))
        elif stage_code and starts_at and minutes:
            trials.set_trial(contest.id, stage_code, from_local(starts_at), minutes, version, acting_account(by))
        elif stage_code:
            raise click.ClickException("Cần sân khấu, giờ bắt đầu và --minutes.")
    with reading():
        contest = contest_named(festival_code, contest_code)
        for each in trials.trials(contest.festival_id):
            for slot in each.slots if each.contest.id == contest.id else ():
                click.echo(f"{local(slot.starts_at):%H:%M}\t{trials.delegation_named(slot.delegation)}")


@schedule_cli.command("print-lists")
@click.argument("festival_code")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--plan", "plan_first", is_flag=True, help="Chưa xếp lịch thì xếp theo thứ tự đã bốc trước khi in.")
@BY
def print_lists(festival_code: str, file: Path, plan_first: bool, by: str | None) -> None:
    """In mọi thứ tự và danh sách của từng đoàn vào một tệp PDF, không cần mạng."""
    with transaction():
        festival_id = festival_named(festival_code).id
        done = None
        if plan_first and not queries.anybody_placed(festival_id):
            done = planning.make_plan(festival_id, by=acting_account(by))
    if done is not None:
        click.echo(f"Đã xếp {done.placed} tiết mục.")
        conflicts_told(done.conflicts)
    with reading_secrets(SecurityKind.EXPORT, what="draw_lists"):
        made = all_lists(festival_named(festival_code))
    file.write_bytes(made)
    click.echo(f"Đã ghi {file}.")
