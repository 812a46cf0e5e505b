"""`flask demo` builds the made-up edition in an empty database, `flask demo export` writes it out.

Its place is of its own (FESTIVAL_DEMO=yes: `instance/demo/` with its own keys), so that it never stands in the way of a
real festival.
"""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from config import Config
from festival.accounts.passwords import hash_password
from festival.core.clock import local, now
from festival.core.transaction import reading
from festival.demo.build import PASSWORD, build, is_demo
from festival.demo.days import DemoDays, days_from
from festival.demo.export import export
from festival.demo.festival import REAL_SIZE
from festival.demo.place import empty_again, set_aside
from festival.demo.welcome import welcome_lines
from festival.editions.queries import the_festival

SEED = 2024
MOST = 9000


@click.group("demo", invoke_without_command=True)
@click.option("--families", default=REAL_SIZE, show_default=True, type=click.IntRange(1, MOST), help="Số gia đình.")
@click.option("--seed", default=SEED, show_default=True, help="Cùng số gieo cho cùng dữ liệu.")
@click.option(
    "--starts",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Ngày khai mạc; bỏ trống là hôm qua, để ngày hội đang ở ngày thứ hai.",
)
@click.option(
    "--at",
    type=click.DateTime(["%H:%M"]),
    help="Giờ mà ngày hội đang diễn ra, làm tròn xuống 15 phút; bỏ trống là bây giờ.",
)
@click.option("--anew", is_flag=True, help="Bỏ ngày hội mẫu đang có và dựng lại; không động đến ngày hội thật.")
@click.option("--quiet", is_flag=True, help="Không in tài khoản và liên kết.")
@click.pass_context
@with_appcontext
def demo_cli(
    context: click.Context,
    families: int,
    seed: int,
    starts: datetime | None,
    at: datetime | None,
    anew: bool,
    quiet: bool,
) -> None:
    """Dựng ngày hội mẫu trong cơ sở dữ liệu trống, in tài khoản đăng nhập."""
    if context.invoked_subcommand is not None:
        return
    days = _days(starts, at)
    if anew:
        empty_again()
    with reading():
        there = is_demo()
    if not there:
        began = time.perf_counter()
        hashed = hash_password(PASSWORD)
        built = build(families, seed, hashed, days)
        click.echo(
            f"Đã dựng ngày hội mẫu {built.festival_code}: {built.families} gia đình, {built.people} người, "
            f"{built.acts} lượt thi, {built.sheets} phiếu chấm, {built.arrived} gia đình đã đến ({time.perf_counter() - began:.1f} giây)."
        )
    else:
        click.echo("Cơ sở dữ liệu này đã có ngày hội mẫu.")
    if quiet:
        return
    config: Config = current_app.config["FESTIVAL"]
    click.echo("\n".join(welcome_lines(config.public_url)))


def _days(starts: datetime | None, at: datetime | None) -> DemoDays:
    moment = local(now())
    if at is not None:
        moment = datetime.combine(moment.date(), at.time())
    return days_from(starts.date() if starts else moment.date() - timedelta(days=1), moment.replace(tzinfo=None))


@demo_cli.command("set-aside")
@with_appcontext
def set_aside_command() -> None:
    """Dời dữ liệu mẫu của bản trước từ chỗ của ngày hội thật sang chỗ của dữ liệu mẫu; không mất gì."""
    click.echo(f"Đã dời dữ liệu mẫu sang {set_aside()}. Mở lại: make run. Bắt đầu ngày hội thật: make start")


@demo_cli.command("export")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Tệp ghi ra; bỏ trống là màn hình.")
@with_appcontext
def export_command(to: Path | None) -> None:
    """Ghi ngày hội mẫu dạng JSON chuẩn: cùng số gieo, cỡ, ngày và giờ thì cùng một tệp."""
    with reading():
        content = export(the_festival())
    if to is None:
        sys.stdout.buffer.write(content)
    else:
        to.write_bytes(content)
