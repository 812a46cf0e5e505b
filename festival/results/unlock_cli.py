"""`flask judging unlock`: a locked contest is opened again before its minutes are signed."""

from __future__ import annotations

import click

from festival.contests.commands import contest_named
from festival.core.transaction import transaction
from festival.editions.commands import FESTIVAL
from festival.judging.commands import judging_cli
from festival.results.assigning import cli as assigning_cli
from festival.results.border import cli as border_commands
from festival.results.cli import checked
from festival.results.ladder import people
from festival.results.ladder.unlock import WrongPair
from festival.results.models import UnlockReason
from festival.results.replacing import cli as replacing_cli

__all__ = [
    "assigning_cli",
    "border_commands",
    "replacing_cli",
    "unlock",
]  # commands of the same group, loaded with this one


@judging_cli.command("unlock")
@click.argument("contest")
@FESTIVAL
@click.option("--why", type=click.Choice([each.value for each in UnlockReason]), required=True, help="Loại lý do.")
@click.option("--reason", required=True, help="Lý do bằng lời.")
@click.option("--chair", help="Tên đăng nhập của trưởng ban giám khảo.")
@click.option("--secretary", help="Tên đăng nhập của thư ký.")
@click.option("--chair-password", envvar="CHAIR_PASSWORD", hidden=True)
@click.option("--secretary-password", envvar="SECRETARY_PASSWORD", hidden=True)
@click.option("--override", is_flag=True, help="Không có hai người; lý do được ghi vào sổ.")
def unlock(
    contest: str,
    festival: str | None,
    why: str,
    reason: str,
    chair: str | None,
    secretary: str | None,
    chair_password: str | None,
    secretary_password: str | None,
    override: bool,
) -> None:
    """Mở lại một phần thi đã khóa mà chưa ký biên bản: cần hai người như khi khóa, hoặc --override."""
    if (chair is None) != (secretary is None) or (chair is None) is not override:
        raise click.ClickException("Cần cả --chair và --secretary, hoặc chỉ --override.")
    chair_id = secretary_id = None
    if chair is not None and secretary is not None:
        chair_id = checked(chair, "CHAIR_PASSWORD", "trưởng ban", "unlock", chair_password, pin_too=True)
        secretary_id = checked(secretary, "SECRETARY_PASSWORD", "thư ký", "unlock", secretary_password)
    with transaction():
        outcome = people.unlock(contest_named(festival, contest).id, chair_id, secretary_id, why, reason)
    if isinstance(outcome, WrongPair):
        raise click.ClickException(outcome.said)
    click.echo(f"Đã mở lại phần thi {contest}.")
