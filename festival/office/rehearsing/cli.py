"""`flask festival rehearse`: the copy for a dress rehearsal, made and taken away."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path

import click
from flask import current_app

from config import Config
from festival.core.rehearsing.marked import DAYS, copy_of_it, last_day
from festival.core.transaction import reading
from festival.office.cli import festival_cli
from festival.office.rehearsing import copying, inside

HOURS = "%d/%m/%Y"


@festival_cli.command("rehearse")
@click.option("--drop", is_flag=True, help="Bỏ bản tổng duyệt cùng mọi thứ trong đó.")
@click.option("--days", default=DAYS, show_default=True, type=click.IntRange(1, 30), help="Giữ mấy ngày rồi tự xóa.")
@click.option("--yes", is_flag=True, help="Không hỏi lại.")
@click.option("--take", type=click.Path(exists=True, dir_okay=False, path_type=Path), hidden=True)
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), hidden=True)
@click.option("--real-url", default="", hidden=True)
@click.option("--wipe", is_flag=True, hidden=True)
@click.option("--in-use", is_flag=True, hidden=True)
def rehearse(
    drop: bool, days: int, yes: bool, take: Path | None, until: datetime | None, real_url: str, wipe: bool, in_use: bool
) -> None:
    """Làm bản tổng duyệt: bản sao của ngày hội ở chỗ riêng, đóng dấu TỔNG DUYỆT; --drop: bỏ bản đó."""
    if wipe:  # the two that the command itself starts in the rehearsal's place
        inside.wipe(in_use=in_use)
    elif take is not None and until is not None:
        inside.take(take, bytes.fromhex(sys.stdin.read()), until.date(), real_url)
    elif drop:
        _drop(yes=yes)
    else:
        _make(last_day(days), yes=yes)


def _make(until: date, *, yes: bool) -> None:
    config: Config = current_app.config["FESTIVAL"]
    with reading():
        before = copy_of_it()
        made = before.made_at.strftime(HOURS) if before else ""
    if made and not yes:
        click.confirm(f"Đã có bản tổng duyệt làm ngày {made}; làm lại thì mọi thứ trong đó mất. Tiếp tục?", abort=True)
    folder = copying.make(until)
    click.echo(
        f"Đã làm bản tổng duyệt ở {folder}. Bản này có dữ liệu của mọi gia đình: tự xóa sau ngày {until:%d/%m/%Y}, hoặc xóa "
        "ngay khi xong: flask festival rehearse --drop"
    )
    click.echo(
        "Mở ở địa chỉ riêng, ví dụ: FESTIVAL_REHEARSAL=yes "
        f"FESTIVAL_PORT={config.port + 1} FESTIVAL_PUBLIC_URL=http://{config.host}:{config.port + 1} flask serve"
    )
    click.echo(
        "Thẻ, liên kết, thẻ kín và máy của ngày hội thật không dùng được ở đây, và ngược lại: in vài thẻ tổng duyệt, gắn máy "
        "lại từ đầu. Thư nằm lại trong hộp thư đi, không gửi đi đâu."
    )


def _drop(*, yes: bool) -> None:
    if not yes:
        click.confirm("Bỏ bản tổng duyệt cùng mọi thứ đã làm trong đó?", abort=True)
    click.echo("Đã bỏ bản tổng duyệt." if copying.drop() else "Không có bản tổng duyệt nào.")
