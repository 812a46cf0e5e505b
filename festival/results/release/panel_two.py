"""The two of a panel as a command names them: both proved, or nobody with `--override`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from festival.results.cli import checked

OPTIONS = (
    click.option("--chair", help="Tên đăng nhập của trưởng ban giám khảo."),
    click.option("--secretary", help="Tên đăng nhập của thư ký."),
    click.option("--chair-password", envvar="CHAIR_PASSWORD", hidden=True),
    click.option("--secretary-password", envvar="SECRETARY_PASSWORD", hidden=True),
    click.option("--override", is_flag=True, help="Không có hai người; lý do được ghi vào sổ."),
)


def panel_two(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of a command that `the_two` reads."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def the_two(
    step: str,
    chair: str | None,
    secretary: str | None,
    override: bool,
    chair_password: str | None,
    secretary_password: str | None,
) -> tuple[int | None, int | None]:
    """Chair and secretary; nobody where the reason alone stands."""
    if (chair is None) != (secretary is None) or (chair is None) is not override:
        raise click.ClickException("Cần cả --chair và --secretary, hoặc chỉ --override.")
    if chair is None or secretary is None:
        return None, None
    return (
        checked(chair, "CHAIR_PASSWORD", "trưởng ban", step, chair_password, pin_too=True),
        checked(secretary, "SECRETARY_PASSWORD", "thư ký", step, secretary_password),
    )
