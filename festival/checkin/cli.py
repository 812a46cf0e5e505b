"""`flask checkin export | status | …`: what happened at the gates, for scripts and for comparing servers."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from festival.checkin import desk, merge
from festival.checkin import export as checkin_export
from festival.checkin.purposes.purpose_commands import add_commands
from festival.core.canonical import canonical_json
from festival.core.clock import now
from festival.core.looks import reading_secrets
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading
from festival.editions.commands import FESTIVAL, festival_named

checkin_cli = AppGroup("checkin", help="Điểm danh.")
add_commands(checkin_cli)


@checkin_cli.command("export")
@click.argument("target", required=False, type=click.Path(dir_okay=False, path_type=Path))
@FESTIVAL
def export(target: Path | None, festival: str | None) -> None:
    """Ghi các lượt quét và lượt vào dạng JSON chuẩn: thứ tự gửi đến nào cũng cho cùng một tệp."""
    with reading_secrets(SecurityKind.EXPORT, what="checkin"):
        whole = canonical_json(checkin_export.canonical_export(festival_named(festival).id))
    if target is None:
        click.echo(whole.decode())
    else:
        target.write_bytes(whole + b"\n")
        click.echo(f"Đã ghi {target}.")


@checkin_cli.command("status")
@FESTIVAL
def status(festival: str | None) -> None:
    """In số gia đình và số người đã đến hôm nay của từng đoàn, cách nhau bằng Tab."""
    with reading():
        for line in desk.arrivals(festival_named(festival).id, merge.day_window(now())):
            click.echo(f"{line.delegation}\t{line.families_here}/{line.families}\t{line.people_here}/{line.people}")
