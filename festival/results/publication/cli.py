"""`flask results publish-rules` and `flask results heads`: what is published before results are."""

from __future__ import annotations

import click

from festival.accounts.commands import acting_account
from festival.core.transaction import transaction
from festival.editions.commands import FESTIVAL, festival_named
from festival.results.cli import BY, results_cli
from festival.results.publication.heads import publish_heads_now
from festival.results.publication.rules import publish_rules

__all__ = ["results_cli"]


@results_cli.command("publish-rules")
@click.option("--reason", default="", help="Lý do, khi công bố lại điều đã công bố và nay khác.")
@FESTIVAL
@BY
def publish_rules_command(reason: str, festival: str | None, by: str | None) -> None:
    """Công bố mã thể lệ và dữ liệu đầu vào của các phần thi, trước điểm đầu tiên."""
    with transaction():
        rows = publish_rules(festival_named(festival), reason, acting_account(by))
        said = [(row.contest or "toàn đoàn", row.content["rules"][:16], row.late) for row in rows]
    for code, digest, late in said:
        click.echo(f"{code}\t{digest}\t{'SAU ĐIỂM ĐẦU TIÊN' if late else 'trước điểm đầu tiên'}")


@results_cli.command("heads")
@FESTIVAL
@BY
def heads_command(festival: str | None, by: str | None) -> None:
    """Công bố ngay đầu các sổ ghi đã dài thêm từ lần trước; tiến trình nền làm việc này mỗi tối."""
    with transaction():
        row = publish_heads_now(festival_named(festival), acting_account(by))
        said = list(row.content["heads"])
    for stream, size, digest in said:
        click.echo(f"{stream}:{size}:{digest}")
