"""`flask device enrol | list | revoke`: devices without the office's screen."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from festival.accounts.commands import account_named
from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices import enrolment, queries
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device
from festival.devices.words import ENROLLED_ROLES
from festival.editions.commands import FESTIVAL, festival_named

device_cli = AppGroup("device", help="Thiết bị: gắn, liệt kê, thu hồi.")


@device_cli.command("enrol")
@click.option("--role", required=True, type=click.Choice([role.value for role in ENROLLED_ROLES]))
@click.option("--gate", "station", default="", help="Nơi đặt máy, ví dụ: Cổng 1.")
@click.option("--user", "login", help="Tên đăng nhập của giám khảo dùng máy.")
@FESTIVAL
def enrol(role: str, station: str, login: str | None, festival: str | None) -> None:
    """In mã dùng một lần để gắn một thiết bị (POST /api/v1/enrol hoặc trang /enrol)."""
    chosen = DeviceRole(role)
    with transaction():
        user_id = account_named(login) if login else None
        if chosen is DeviceRole.JUDGE and user_id is None:
            raise click.ClickException("Máy của giám khảo cần --user TÊN_ĐĂNG_NHẬP.")
        if chosen is not DeviceRole.JUDGE and not station.strip():
            raise click.ClickException('Cần --gate, ví dụ: --gate "Cổng 1".')
        made = enrolment.make_enrolment_code(festival_named(festival).id, chosen, user_id, station)
    click.echo(made.code)
    click.echo(f"{current_app.config['FESTIVAL'].public_url}/enrol#{made.code}", err=True)


@device_cli.command("list")
@FESTIVAL
def list_devices(festival: str | None) -> None:
    """In số máy, việc, nơi đặt, số tin đã nhận, chỗ thiếu, lần liên lạc cuối, trạng thái; cách nhau bằng Tab."""
    with reading():
        for line in queries.device_lines(festival_named(festival).id):
            seen = local(line.last_seen_at).strftime("%d/%m/%Y %H:%M:%S") if line.last_seen_at else "-"
            state = "revoked" if line.revoked else "active"
            cells = (
                line.number,
                line.role,
                line.station or line.user_name,
                line.received,
                line.gaps or "-",
                seen,
                state,
            )
            click.echo("\t".join(str(cell) for cell in cells))


@device_cli.command("revoke")
@click.argument("number", type=int)
@FESTIVAL
def revoke(number: int, festival: str | None) -> None:
    """Thu hồi máy số NUMBER."""
    with transaction():
        festival_id = festival_named(festival).id
        found = db.session.scalar(select(Device.id).filter_by(festival_id=festival_id, number=number))
        done = found is not None and enrolment.revoke(festival_id, found)
    if not done:
        raise click.ClickException(f"Không có máy {number}, hoặc máy đã được thu hồi.")
    click.echo(f"Đã thu hồi máy {number}.")
