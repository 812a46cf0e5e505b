"""`flask festival import|list|phase`: an edition from a file, and what is open when."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from festival.core.clock import from_local, local, now
from festival.core.transaction import reading, transaction
from festival.core.web.i18n import say
from festival.editions import actions, queries
from festival.editions.commands import festival_named, importing
from festival.editions.models import PhaseKind
from festival.office.festival_import import import_festival, read_file

festival_cli = AppGroup("festival", help="Ngày hội.")
MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"])


@festival_cli.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_file(file: Path) -> None:
    """Nhập thể lệ (docs/ruleset.md): ngày hội, phần thi, đoàn. Tệp có lỗi thì không ghi gì."""
    with importing(file):
        read = read_file(file.read_bytes())
        with transaction():
            done = import_festival(read)
            said = f"{done.festival.name} ({done.festival.code}): {done.contests} phần thi, {done.delegations} đoàn."
            changes = [say(each) for each in done.changes]
    click.echo(said)
    for each in changes:
        click.echo(f"Thay đổi: {each}")
    if read.ruleset.invented:
        click.echo("Không có trong nguồn công bố: " + "; ".join(read.ruleset.invented) + ".")


@festival_cli.command("list")
def list_festivals() -> None:
    """Liệt kê các ngày hội: ngày diễn ra và việc đang mở."""
    with reading():
        lines = []
        for festival in queries.festivals():
            opened = [kind.value for kind in PhaseKind if queries.phase_open(festival, kind, now())]
            lines.append(
                f"{festival.code}\t{festival.starts_on}..{festival.ends_on}\t{festival.name}\t"
                f"{'đang mở: ' + ', '.join(opened) if opened else 'chưa mở gì'}"
            )
    click.echo("\n".join(lines) or "Chưa có ngày hội nào.")


@festival_cli.command("phase")
@click.argument("code")
@click.argument("kind", type=click.Choice([kind.value for kind in PhaseKind]))
@click.option("--open", "opens", type=MOMENT, help="Giờ mở (giờ Việt Nam); bỏ trống là ngay bây giờ.")
@click.option("--until", type=MOMENT, help="Giờ đóng (giờ Việt Nam).")
@click.option("--close", is_flag=True, help="Đóng ngay.")
def set_phase(code: str, kind: str, opens: datetime | None, until: datetime | None, close: bool) -> None:
    """Mở hoặc đóng đăng ký, chương trình, chấm điểm, kết quả."""
    chosen = PhaseKind(kind)
    with transaction():
        festival = festival_named(code)
        if close:
            actions.close_phase(festival.id, chosen)
        else:
            actions.open_phase(
                festival.id, chosen, from_local(opens) if opens else now(), from_local(until) if until else None
            )
    with reading():
        phase = queries.phases(festival_named(code).id).get(chosen)
        if phase is None:
            click.echo(f"{kind}: đóng.")
        else:
            until_words = local(phase.closes_at).strftime("%d/%m/%Y %H:%M") if phase.closes_at else "không hạn"
            click.echo(f"{kind}: từ {local(phase.opens_at).strftime('%d/%m/%Y %H:%M')} đến {until_words}.")
