"""`flask schedule fill`: who has no time gets one at once, or the solver looks for the best timetable while its progress is printed."""

from __future__ import annotations

import click

from festival.core.transaction import reading, transaction
from festival.schedule import queries
from festival.schedule.by_command.cli import BY, schedule_cli
from festival.schedule.by_command.timetable_cli import YES, carried, festival_and_account
from festival.schedule.editing import draft
from festival.schedule.filling.chosen import FillChoice, FillState
from festival.schedule.filling.running import ask_fill, claim, own_run
from festival.schedule.filling.searching import FillSearch
from festival.schedule.filling.shown import shown_fill
from festival.schedule.filling.taking import take_found
from festival.schedule.filling.words import distance, waits
from festival.schedule.filling.working import listened

SAID_EVERY_S = 1.0


@schedule_cli.command("fill")
@click.argument("festival_code")
@click.option(
    "--seconds",
    type=click.IntRange(1, 3600),
    help="Cho bộ xếp lịch tìm trong bấy nhiêu giây; không có thì xếp nốt ngay vào cuối các buổi.",
)
@click.option("--part", help="Xếp phần nào: all (cả lịch), missing (chưa có giờ), day-20240614, session-12.")
@click.option("--gap", type=click.IntRange(0, 240), help="Số phút nghỉ tối thiểu của một gia đình (15).")
@click.option("--longest", type=click.IntRange(1, 1440), help="Không gia đình nào chờ quá bấy nhiêu phút một ngày.")
@click.option("--free-order", multiple=True, metavar="CONTEST", help="Không bắt giữ thứ tự bốc thăm của phần thi này.")
@click.option("--take", type=click.IntRange(min=1), help="Lấy kết quả của lần xếp mang số này.")
@YES
@BY
def fill(
    festival_code: str,
    seconds: int | None,
    part: str | None,
    gap: int | None,
    longest: int | None,
    free_order: tuple[str, ...],
    take: int | None,
    yes: bool,
    by: str | None,
) -> None:
    """Cho các tiết mục chưa có giờ vào cuối các buổi còn chỗ, hoặc (--seconds) để bộ xếp lịch tìm lịch ít phải chờ nhất."""
    festival_id, acting = festival_and_account(festival_code, by)
    if seconds is None and (part or gap is not None or longest or free_order):
        raise click.UsageError("Các lựa chọn này chỉ dùng cùng --seconds.")
    if take is not None and seconds is not None:
        raise click.UsageError("Chọn một trong --seconds và --take.")
    if take is None and seconds is None:
        count = carried(festival_id, lambda: draft.fill(festival_id, acting), yes)
        click.echo(f"Đã xếp thêm {count} tiết mục.")
        return
    if seconds is not None:
        named = FillChoice.part_named(part or "all")
        if named is None:
            raise click.UsageError("--part là all, missing, day-20240614 hoặc session-12.")
        choice = FillChoice(
            *named, queries.GAP_MIN if gap is None else gap, longest, _binding(festival_id, set(free_order))
        )
        take = _searched(festival_id, choice, seconds, acting)
    run = take
    taken = carried(festival_id, lambda: take_found(festival_id, run or 0, acting), yes, lambda done: done.told)
    click.echo(f"Đã lấy lịch: {taken.acts} tiết mục có giờ hoặc chỗ mới.")


def _binding(festival_id: int, free: set[str]) -> frozenset[str]:
    with reading():
        drawn = {draw.contest.code for draw in queries.draws(festival_id).values()}
    unknown = sorted(free - drawn)
    if unknown:
        raise click.ClickException(f"Không có kết quả bốc thăm của phần thi: {', '.join(unknown)}.")
    return frozenset(drawn - free)


def _searched(festival_id: int, choice: FillChoice, seconds: int, by: int | None) -> int:
    """The number of the search; what it says stands on the screen. Ctrl-C keeps what there is."""
    with transaction():
        run_id = ask_fill(festival_id, choice, seconds, by).id
        begun = claim(run_id)
    if begun is None:
        raise click.ClickException("Không bắt đầu được. Chạy lại lệnh này.")
    _watched(run_id, begun[1])
    with reading():
        shown = shown_fill(own_run(festival_id, run_id))
    for each in shown.reasons:
        click.echo(f"- vướng: {each.said}")
        for said, _page, _where in each.holds:
            click.echo(f"  · {said}")
        for name in each.acts if not each.holds else ():
            click.echo(f"  · {name}")
    for said in shown.prices:
        click.echo(f"- giá của thứ tự: {said}")
    if shown.state is FillState.DROPPED:
        raise click.ClickException("Lần xếp này đã bị bỏ ở trang xếp lịch. Lịch đang xếp không đổi gì.")
    if not shown.has_plan:
        raise click.ClickException("Bộ xếp lịch chưa tìm được lịch nào. Lịch đang xếp không đổi gì.")
    click.echo(f"Lần xếp số {run_id}. Lấy sau: flask schedule fill … --take {run_id}")
    return run_id


def _watched(run_id: int, search: FillSearch) -> None:
    last = ""
    search.start()
    while True:
        try:
            search.wait(SAID_EVERY_S)
        except KeyboardInterrupt:
            search.stop()
        found = search.told()
        said = f"chờ {waits(found)}. {distance(found)}"
        if said != last:
            click.echo(f"{found['seconds']} s: {said}")
            last = said
        if listened(run_id, search):
            return
