"""Which account does a command mean?"""

from __future__ import annotations

import click

from festival.accounts.queries import id_of_login


def account_named(login: str) -> int:
    """The id of the account of that login, also of one that is not in use any more."""
    found = id_of_login(login)
    if found is None:
        raise click.ClickException(f"Không có tài khoản «{login}». Tạo bằng: flask admin create {login}")
    return found


def acting_account(login: str | None) -> int | None:
    """Who does this step, if somebody is named: an account in use."""
    if login is None:
        return None
    found = id_of_login(login, in_use=True)
    if found is None:
        raise click.ClickException(f"Không có tài khoản đang dùng «{login}».")
    return found
