"""`flask schedule wish …`: what the timetable has to keep, without a browser."""

from __future__ import annotations

from collections.abc import Mapping

import click
from flask.cli import AppGroup
from sqlalchemy import select

from festival.accounts.commands import acting_account
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.commands import festival_named
from festival.schedule import queries
from festival.schedule.by_command.cli import BY, schedule_cli
from festival.schedule.rules.foreseen import impossible
from festival.schedule.wishes.given import NAMED
from festival.schedule.wishes.models import Wish, WishKind
from festival.schedule.wishing import deciding
from festival.schedule.wishing.typed import as_typed, wish_typed
from festival.schedule.wishing.words import wish_words

wish_cli = AppGroup("wish", help="Điều cần giữ khi xếp lịch: ai vắng mặt, giờ nghỉ, giờ đã hẹn, trước sau.")
schedule_cli.add_command(wish_cli)
KIND = click.argument("kind", type=click.Choice([kind.value for kind in WishKind]))
BOXES = {
    "who": "Ai vắng mặt: tên hoặc mã gia đình, đoàn, giám khảo, phần thi (cả ban giám khảo).",
    "act": "Tiết mục: tên hoặc mã.",
    "other": "Tiết mục thi sau: tên hoặc mã.",
    "contest": "Mã phần thi.",
    "stage": "Mã sân khấu.",
    "day": "Ngày, viết như 14/6/2024.",
    "from": "Từ giờ, hoặc không trước: viết như 7:30.",
    "until": "Đến giờ, hoặc xong trước: viết như 11:00.",
    "until_day": "Ngày của --until, khi vắng qua đêm.",
    "minutes": "Số phút.",
    "note": "Lý do vắng mặt (không ghi chuyện sức khỏe), hoặc tên giờ nghỉ.",
}


def _boxes(command: click.decorators.FC) -> click.decorators.FC:
    for name, words in reversed(BOXES.items()):
        command = click.option(f"--{name.replace('_', '-')}", name, help=words)(command)
    return command


@wish_cli.command("list")
@click.argument("festival_code")
@click.option("--taken-back", is_flag=True, help="Các điều đã rút.")
def list_wishes(festival_code: str, taken_back: bool) -> None:
    """In các điều đang giữ, kèm số để sửa và rút, và điều nào không lịch nào theo được."""
    with reading():
        festival_id = festival_named(festival_code).id
        stands = Wish.taken_back_at.is_not(None) if taken_back else Wish.taken_back_at.is_(None)
        own = select(Wish).where(Wish.festival_id == festival_id, stands)
        for wish in db.session.scalars(own.options(*NAMED).order_by(Wish.id)):
            click.echo(f"{wish.id}\t{wish.kind.value}\t{wish_words(wish)}")
        given = queries.material(festival_id)
        stages = [stage.name for stage in queries.stages(festival_id)]
        for each in impossible(given.acts, given.sessions, given.wishes, stages):
            click.echo(f"- không lịch nào theo được: {each}")


@wish_cli.command("add")
@click.argument("festival_code")
@KIND
@_boxes
@BY
def add(festival_code: str, kind: str, by: str | None, **boxes: str | None) -> None:
    """Ghi một điều, ví dụ: add MÃ pause --note "Nghỉ trưa" --day 14/6/2024 --from 11:30 --until 13:00."""
    with transaction():
        festival = festival_named(festival_code)
        values = wish_typed(WishKind(kind), _said(boxes), festival)
        wish = deciding.add_wish(festival.id, values, acting_account(by))
        said = f"Đã ghi điều số {wish.id}: {wish_words(wish)}."
    click.echo(said)


@wish_cli.command("change")
@click.argument("festival_code")
@click.argument("number", type=int)
@_boxes
@BY
def change(festival_code: str, number: int, by: str | None, **boxes: str | None) -> None:
    """Sửa một điều đang giữ; ô không ghi thì để nguyên."""
    with transaction():
        festival = festival_named(festival_code)
        was = deciding.own_wish(festival.id, number)
        values = wish_typed(was.kind, {**as_typed(was), **_said(boxes)}, festival)
        wish = deciding.change_wish(festival.id, number, values, was.version, acting_account(by))
        said = f"Đã sửa điều số {wish.id}: {wish_words(wish)}."
    click.echo(said)


@wish_cli.command("take-back")
@click.argument("festival_code")
@click.argument("number", type=int)
@BY
def take_back(festival_code: str, number: int, by: str | None) -> None:
    """Rút một điều; lấy lại: flask schedule wish bring-back."""
    with transaction():
        festival_id = festival_named(festival_code).id
        version = deciding.own_wish(festival_id, number).version
        said = f"Đã rút: {wish_words(deciding.take_back_wish(festival_id, number, version, acting_account(by)))}."
    click.echo(said)


@wish_cli.command("bring-back")
@click.argument("festival_code")
@click.argument("number", type=int)
@BY
def bring_back(festival_code: str, number: int, by: str | None) -> None:
    """Lấy lại một điều đã rút."""
    with transaction():
        festival_id = festival_named(festival_code).id
        version = deciding.own_wish(festival_id, number).version
        said = f"Đã lấy lại: {wish_words(deciding.bring_back_wish(festival_id, number, version, acting_account(by)))}."
    click.echo(said)


@wish_cli.command("takes")
@click.argument("festival_code")
@click.argument("stage_code")
@click.argument("contests", nargs=-1)
@BY
def takes(festival_code: str, stage_code: str, contests: tuple[str, ...], by: str | None) -> None:
    """Sân khấu nhận các phần thi này (mã); không ghi phần thi nào là nhận mọi phần thi."""
    with transaction():
        taken = deciding.set_takes(festival_named(festival_code).id, stage_code, contests, acting_account(by))
    click.echo(f"{stage_code}: {', '.join(taken) or 'mọi phần thi'}.")


def _said(boxes: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in boxes.items() if value is not None}
