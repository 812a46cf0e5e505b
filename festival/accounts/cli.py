"""`flask admin create`, `first-link` and `code`: the first account, and a way back in."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

from config import Config
from festival.accounts import actions, second_factor
from festival.accounts.commands import account_named
from festival.accounts.first_link import first_link
from festival.accounts.passwords import hash_password, weakness
from festival.accounts.roles import Role
from festival.core.transaction import reading, transaction

admin_cli = AppGroup("admin", help="Tài khoản.")


@admin_cli.command("create")
@click.argument("login")
@click.option("--name", required=True, help="Họ và tên.")
@click.option("--role", "roles", multiple=True, type=click.Choice([role.value for role in Role]), default=["organiser"])
@click.option("--password", help="Bỏ trống để được hỏi (hoặc đặt biến NEW_PASSWORD).", envvar="NEW_PASSWORD")
def create(login: str, name: str, roles: tuple[str, ...], password: str | None) -> None:
    """Tạo tài khoản có mật khẩu; ghi --role nhiều lần được."""
    chosen = password or click.prompt("Mật khẩu", hide_input=True, confirmation_prompt="Nhập lại")
    if why := weakness(chosen, login, name):
        raise click.ClickException(str(why))
    hashed = hash_password(chosen)
    with transaction():
        user = actions.create_user(login, name, hashed, [Role(role) for role in roles])
    click.echo(f"Đã tạo tài khoản {user.login} ({', '.join(roles)}).")


@admin_cli.command("code")
@click.argument("login")
def code(login: str) -> None:
    """In địa chỉ đăng nhập một lần cho người quên mật khẩu (dùng được trong 24 giờ)."""
    with transaction():
        token = actions.issue_code(account_named(login), None)
    config: Config = current_app.config["FESTIVAL"]
    click.echo(f"{config.public_url}/sign-in/once/{token}")


@admin_cli.command("first-link")
def first_link_command() -> None:
    """In lại liên kết của lần chạy đầu: người mở nó tạo tài khoản Ban Tổ chức đầu tiên."""
    with reading():
        link = first_link()
    if link is None:
        raise click.ClickException("Đã có tài khoản Ban Tổ chức. Quên mật khẩu: flask admin code TÊN")
    click.echo(link)


@admin_cli.command("no-second-factor")
@click.argument("login")
def no_second_factor(login: str) -> None:
    """Bỏ bước mã điện thoại cho người mất điện thoại và hết mã dự phòng; được ghi vào nhật ký an ninh."""
    with transaction():
        was_on = second_factor.turn_off(account_named(login), taken_away=True)
    click.echo(f"Đã bỏ mã điện thoại của {login}." if was_on else f"Tài khoản {login} không dùng mã điện thoại.")
