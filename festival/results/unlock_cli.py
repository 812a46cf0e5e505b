"""`flask judging unlock`: a locked contest is opened again before its minutes are signed."""

from __future__ import annotations

from typing import Any

import click

from festival.contests.commands import contest_named
from festival.core.transaction import transaction
from festival.editions.commands import FESTIVAL
from festival.judging.commands import judging_cli
from festival.results.assigning import cli as assigning_cli
from festival.results.border import cli as border_commands
from festival.results.ladder import people
from festival.results.ladder.unlock import WrongPair
from festival.results.models import UnlockReason
from festival.results.release.panel_two import panel_two, the_two
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
@panel_two
def unlock(contest: str, festival: str | None, why: str, reason: str, **two: Any) -> None:
    """Mở lại một phần thi đã khóa mà chưa ký biên bản: cần hai người như khi khóa, hoặc --override."""
    chair_id, secretary_id = the_two("unlock", **two)
    with transaction():
        outcome = people.unlock(contest_named(festival, contest).id, chair_id, secretary_id, why, reason)
    if isinstance(outcome, WrongPair):
        raise click.ClickException(outcome.said)
    click.echo(f"Đã mở lại phần thi {contest}.")
