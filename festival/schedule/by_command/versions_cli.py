"""`flask schedule versions|compare`: what was published when, and what differs between any two versions, in words."""

from __future__ import annotations

import click

from festival.core.clock import local
from festival.core.transaction import reading
from festival.editions.commands import festival_named
from festival.schedule import queries
from festival.schedule.by_command.cli import schedule_cli
from festival.schedule.changes import changes
from festival.schedule.published.unpublished import unpublished


@schedule_cli.command("versions")
@click.argument("festival_code")
def versions(festival_code: str) -> None:
    """In các phiên bản đã công bố, mới nhất trước, và số thay đổi chưa công bố."""
    with reading():
        festival_id = festival_named(festival_code).id
        for plan in queries.plan_versions(festival_id):
            note = f" · {plan.note}" if plan.note else ""
            click.echo(f"{plan.version}\t{local(plan.published_at):%H:%M %d/%m/%Y}{note}")
        differs = unpublished(festival_id)
    click.echo("Chưa công bố phiên bản nào." if differs is None else f"{differs} thay đổi chưa công bố.")


@schedule_cli.command("compare")
@click.argument("festival_code")
@click.argument("before", type=click.IntRange(min=1))
@click.argument("after", type=click.IntRange(min=1), required=False)
def compare(festival_code: str, before: int, after: int | None) -> None:
    """Nói bằng lời điều khác từ phiên bản BEFORE sang AFTER; không ghi AFTER thì sang lịch đang xếp."""
    with reading():
        festival = festival_named(festival_code)
        plans = {each: queries.plan_and_before(festival.id, each)[0] for each in (before, after) if each}
        missing = [number for number, plan in plans.items() if plan is None]
        if missing:
            raise click.ClickException(f"Không có phiên bản {missing[0]}. Xem: flask schedule versions {festival.code}")
        found = {number: plan.content for number, plan in plans.items() if plan is not None}
        said = changes(found[before], found[after] if after else queries.snapshot(festival))
    for sentence in said:
        click.echo(f"- {sentence}")
    click.echo(f"{len(said)} thay đổi.")
