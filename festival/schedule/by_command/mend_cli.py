"""`flask schedule mend`: what if an act came at another hour; on the day, something stops or somebody is late. Seen first, then one step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import click

from festival.core.clock import local, now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.roster.models import Entry
from festival.schedule.by_command.board_cli import DAY, OF_SESSION, act_code, session_meant
from festival.schedule.by_command.cli import BY, schedule_cli
from festival.schedule.by_command.timetable_cli import festival_and_account, stage_named
from festival.schedule.conflicts import day_clock
from festival.schedule.mending.change import CAP_MIN, AskedHow, MendKind, PlanChange
from festival.schedule.mending.of_day import day_now
from festival.schedule.mending.proposing import FoundBefore, Proposal, proposed
from festival.schedule.mending.taking import last_mend, mend_taken_back, take_moves
from festival.schedule.mending.today import choice_of_day, day_change, refuse_other_draft, refuse_unpublished, take_mend
from festival.schedule.mending.typed import cap_typed, hour_of, typed_day
from festival.schedule.models import Stage
from festival.schedule.moving.lying import lying
from festival.schedule.stage_day.reading import festival_day
from festival.schedule.timetable import day_number
from festival.schedule.wishing.finding import act_meant

OF_DAY = {"cap", "over", "called"}
FITS = {
    MendKind.STAGE: OF_DAY | {"begins", "minutes"},
    MendKind.PANEL: OF_DAY | {"begins", "minutes"},
    MendKind.SESSION: OF_DAY | {"minutes"},
    MendKind.FAMILY: OF_DAY | {"until"},
    MendKind.ACT: {"at", "begins", "until", "day", "cap"},
}
WRITTEN = {"begins": "--from"}  # the others are called as they are written


@dataclass(frozen=True, slots=True)
class MendAsked:
    """Of whom something is asked, and what the other options say; what was not written is not in `said`."""

    kind: MendKind
    of: Any
    said: dict[str, Any]


@schedule_cli.command("mend")
@click.argument("festival_code")
@click.option("--stage", help="Sân khấu ngừng hôm nay: mã; cùng --minutes.")
@click.option("--panel", help="Ban giám khảo ngừng hôm nay: mã phần thi; cùng --minutes.")
@click.option(
    "--session", type=OF_SESSION, help="Buổi thi muộn: mã phần thi, mã sân khấu, giờ bắt đầu; cùng --minutes."
)
@click.option("--family", help="Gia đình chưa đến: tên hoặc mã một tiết mục của họ hôm nay; cùng --until.")
@click.option("--act", help="Hỏi thử một giờ cho tiết mục này (tên hoặc mã); cùng --at, --from hoặc --until.")
@click.option("--minutes", help="Ngừng hoặc muộn bao nhiêu phút.")
@click.option("--at", help="Đúng giờ này, viết như 9:15.")
@click.option("--from", "begins", help="Ngừng từ giờ này (không ghi: ngay bây giờ); tiết mục: không sớm hơn giờ này.")
@click.option("--until", help="Gia đình có mặt lúc này; tiết mục: thi xong trước giờ này.")
@click.option("--day", type=DAY, help="Ngày của --act, viết như 2024-06-14; không ghi thì ngày đang xếp.")
@click.option("--cap", help=f"Các tiết mục khác đổi nhiều nhất bao nhiêu phút ({CAP_MIN}).")
@click.option("--over", help="Buổi thi được kéo dài nhiều nhất bao nhiêu phút (0).")
@click.option("--called", is_flag=True, help="Dời cả gia đình đã mời chuẩn bị.")
@click.option("--undo", is_flag=True, help="Hoàn tác lần vá gần nhất của ngày thi.")
@click.option("--yes", is_flag=True, help="Ghi luôn; không có thì chỉ in ai phải đổi giờ.")
@BY
def mend(festival_code: str, undo: bool, yes: bool, by: str | None, **said: Any) -> None:
    """Vá lịch hôm nay, hoặc hỏi thử một giờ: in ai phải đổi giờ, ghi bằng một bước khi có --yes."""
    festival_id, acting = festival_and_account(festival_code, by)
    said = {name: value for name, value in said.items() if value}
    if undo:
        _undone(festival_id, acting, said)
        return
    asked = _asked(said)
    with reading():
        change, what = (_hour if asked.kind is MendKind.ACT else _of_day)(festival_id, festival_code, asked)
    click.echo(f"{change.said(what)}.")
    found = _found(lambda before: _proposed(festival_id, change, before))
    if not found.moves:
        click.echo("Không phải đổi gì.")
        return
    if not yes:
        raise click.ClickException("Chưa ghi. Đồng ý với các điều trên thì thêm --yes.")
    with transaction():
        if change.kind is MendKind.ACT:
            refuse_other_draft(festival_id, found.seen)
            take_moves(festival_id, found.moves, acting, count=len(found.moves))
            click.echo("Đã đổi giờ trong lịch đang xếp. Lấy lại: flask schedule undo")
            return
        version = take_mend(festival_id, found.moves, found.seen, change.said(what), acting)
    where = f"và công bố phiên bản {version}" if version else "trong lịch đang xếp, chưa công bố phiên bản nào"
    click.echo(f"Đã đổi giờ {where}. Lấy lại: flask schedule mend … --undo")


def _asked(said: dict[str, Any]) -> MendAsked:
    named = [kind for kind in MendKind if kind.value in said]
    if len(named) != 1:
        raise click.UsageError("Cần đúng một trong năm: --stage, --panel, --session, --family, --act.")
    kind = named[0]
    rest = {name: value for name, value in said.items() if name != kind.value}
    odd = sorted(WRITTEN.get(name, f"--{name}") for name in rest.keys() - FITS[kind])
    if odd:
        raise click.UsageError(f"Không dùng cùng --{kind.value}: {', '.join(odd)}.")
    return MendAsked(kind, said[kind.value], rest)


def _of_day(festival_id: int, festival_code: str, asked: MendAsked) -> tuple[PlanChange, str]:
    """What has happened today, and what it is called."""
    refuse_unpublished(festival_id)
    at = local(now())
    of = _called(festival_id, festival_code, asked)
    known = dict(choice_of_day(festival_id, at).of(asked.kind))
    if of not in known:
        left = "; ".join(known.values()) or "không có"
        raise click.ClickException(f"Ở đó hôm nay không còn tiết mục nào chưa thi. Còn: {left}.")
    return day_change(festival_id, asked.kind, of, at, asked.said), known[of]


def _called(festival_id: int, festival_code: str, asked: MendAsked) -> str:
    """As the question names it."""
    match asked.kind:
        case MendKind.STAGE:
            return db.session.get_one(Stage, stage_named(festival_id, asked.of)).name
        case MendKind.SESSION:
            return str(session_meant(festival_code, festival_id, asked.of))
        case MendKind.FAMILY:
            return str(db.session.get_one(Entry, act_meant(festival_id, asked.of)).code)
        case _:
            return str(asked.of)


def _hour(festival_id: int, _code: str, asked: MendAsked) -> tuple[PlanChange, str]:
    """An act at another hour."""
    hours = [
        (how, asked.said[name])
        for how, name in zip(AskedHow, ("at", "begins", "until"), strict=True)
        if name in asked.said
    ]
    if len(hours) != 1:
        raise click.UsageError("Cần đúng một trong ba: --at, --from, --until.")
    table = lying(festival_id)
    code = act_code(table, asked.of, festival_id)
    rows, day = table.block(code), asked.said.get("day")
    on = festival_day(rows[0].starts_at) if day is None and rows else None if day is None else day.date()
    if on is None:
        raise click.ClickException("Tiết mục chưa có giờ: ghi thêm --day.")
    at: datetime = hour_of(typed_day(str(day_number(on)), festival_id), hours[0][1])
    change = PlanChange(MendKind.ACT, code, at, at, hours[0][0], cap_typed(asked.said.get("cap", ""), CAP_MIN))
    return change, table.acts[code].title


def _proposed(festival_id: int, change: PlanChange, before: FoundBefore | None) -> Proposal:
    if change.kind is MendKind.ACT:
        return proposed(festival_id, change, before=before)
    return proposed(festival_id, change, lambda table: day_now(table, festival_id, now()), before)


def _found(propose: Callable[[FoundBefore | None], Proposal]) -> Proposal:
    """The last of what is found, in words; how many families it was on the way there."""
    found = propose(None)
    while not found.over:
        if found.possible:
            click.echo(f"… {found.said[0]}")
        found = propose(found.before)
    if not found.possible:
        for each in found.against:
            click.echo(f"- vướng: {each}")
        raise click.ClickException(
            "Không có cách nào trong giới hạn này."
            if found.impossible
            else "Chưa tìm được cách nào trong thời gian cho phép."
        )
    if found.moves:
        click.echo(" ".join(map(str, (*found.said, found.sure))))
    for act in found.moved:
        was = "chưa có giờ" if act.was is None else day_clock(act.was)
        where = f", {act.stage}" if act.stage != act.was_stage else ""
        click.echo(f"- {act.title}: {was} → {day_clock(act.now)}{where} ({act.way})")
    for each in found.remarks:
        click.echo(f"- phải chấp nhận: {each}")
    return found


def _undone(festival_id: int, by: int | None, said: dict[str, Any]) -> None:
    if said:
        raise click.UsageError("--undo không đi cùng lựa chọn nào khác.")
    with transaction():
        step = last_mend(festival_id)
        if step is None:
            raise click.ClickException("Không có lần vá nào để hoàn tác: sau lần vá, lịch đã đổi hoặc đã công bố tiếp.")
        version = mend_taken_back(festival_id, step.id, by)
    click.echo(f"Đã trả lại giờ trước đó{f' và công bố phiên bản {version}' if version else ''}.")
