"""`flask device enrol | list | revoke | cards`: devices without the office's screen, by the same rights.

A command that lets a device in or shuts it out names who does it (`--by`): the account must have the right, and stands in
the security log.
"""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from festival.accounts.commands import account_named, acting_account
from festival.accounts.queries import user_by_id
from festival.accounts.roles import permissions_of
from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission
from festival.devices import enrolment, queries, rights
from festival.devices.activation import sealed_cards
from festival.devices.handlers import DeviceRole
from festival.devices.models import Device
from festival.devices.words import ENROLLED_ROLES
from festival.editions.commands import FESTIVAL, festival_named

device_cli = AppGroup("device", help="Thiết bị: gắn, liệt kê, thu hồi.")

BY = click.option("--by", "by_login", required=True, help="Tên đăng nhập của người làm việc này.")


def _permissions(login: str) -> tuple[int, frozenset[Permission]]:
    user_id = acting_account(login)
    assert user_id is not None  # a login was given
    return user_id, permissions_of(frozenset(held.role for held in user_by_id(user_id).roles))


@device_cli.command("enrol")
@click.option("--role", required=True, type=click.Choice([role.value for role in ENROLLED_ROLES]))
@click.option("--gate", "station", default="", help="Nơi đặt máy, ví dụ: Cổng 1.")
@click.option("--user", "login", help="Tên đăng nhập của giám khảo dùng máy.")
@BY
@FESTIVAL
def enrol(role: str, station: str, login: str | None, by_login: str, festival: str | None) -> None:
    """In mã dùng một lần để gắn một thiết bị (POST /api/v1/enrol hoặc trang /enrol)."""
    chosen = DeviceRole(role)
    with transaction():
        user_id = account_named(login) if login else None
        if chosen is DeviceRole.JUDGE and user_id is None:
            raise click.ClickException("Máy của giám khảo cần --user TÊN_ĐĂNG_NHẬP.")
        if chosen is not DeviceRole.JUDGE and not station.strip():
            raise click.ClickException('Cần --gate, ví dụ: --gate "Cổng 1".')
        issuer, _permitted = _permissions(by_login)
        made = enrolment.make_enrolment_code(festival_named(festival).id, chosen, user_id, station, issuer)
    click.echo(made.code)
    click.echo(f"{current_app.config['FESTIVAL'].public_url}/enrol#{made.code}", err=True)


@device_cli.command("list")
@click.option("--by", "by_login", help="Chỉ những máy mà người này được quản lý.")
@FESTIVAL
def list_devices(by_login: str | None, festival: str | None) -> None:
    """In số máy, việc, nơi đặt, số tin đã nhận, chỗ thiếu, lần liên lạc cuối, trạng thái; cách nhau bằng Tab."""
    with reading():
        roles = rights.handled(_permissions(by_login)[1]) if by_login else frozenset(DeviceRole)
        for line in queries.device_lines(festival_named(festival).id, roles):
            seen = local(line.last_seen_at).strftime("%d/%m/%Y %H:%M:%S") if line.last_seen_at else "-"
            state = "lapsed" if line.lapsed else "revoked" if line.revoked else "waiting" if line.waiting else "active"
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
@BY
@FESTIVAL
def revoke(number: int, by_login: str, festival: str | None) -> None:
    """Thu hồi máy số NUMBER."""
    with transaction():
        festival_id = festival_named(festival).id
        by, permitted = _permissions(by_login)
        found = db.session.execute(select(Device.id, Device.role).filter_by(festival_id=festival_id, number=number))
        row = found.one_or_none()
        if row is not None and row.role not in rights.handled(permitted):
            raise click.ClickException(f"«{by_login}» không được thu hồi loại máy này.")
        done = row is not None and enrolment.revoke(festival_id, row.id, by)
    if not done:
        raise click.ClickException(f"Không có máy {number}, hoặc máy đã được thu hồi.")
    click.echo(f"Đã thu hồi máy {number}.")


@device_cli.command("cards")
@click.argument("logins", nargs=-1, required=True)
@BY
def cards(logins: tuple[str, ...], by_login: str) -> None:
    """In thẻ niêm phong mới cho các giám khảo LOGINS: tên đăng nhập, mười số; thẻ cũ hết dùng được."""
    with transaction():
        by, permitted = _permissions(by_login)
        if Permission.SEALED_CARDS not in permitted:
            raise click.ClickException(f"«{by_login}» không được in thẻ niêm phong.")
        made = sealed_cards.issue_cards([account_named(login) for login in logins], by)
    for card in made:
        click.echo(f"{card.login}\t{card.digits}")
