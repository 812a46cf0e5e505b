"""`flask festival report`: the report of an edition without a browser."""

from __future__ import annotations

from pathlib import Path

import click

from festival.accounts.commands import acting_account
from festival.ceremony.report import versions
from festival.ceremony.report.models import ReportForm
from festival.core.security_log import SecurityKind, note_read
from festival.core.transaction import reading, transaction
from festival.editions.commands import festival_named
from festival.office.cli import BY, festival_cli


@festival_cli.command("report")
@click.argument("code", required=False)
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Thư mục để ghi ba tệp; chưa có thì được tạo.",
)
@BY
def report(code: str | None, folder: Path, by: str | None) -> None:
    """Lập báo cáo kết quả (bản mới khi số liệu đã đổi) và ghi PDF, DOCX, XLSX vào thư mục. Không nêu CODE là ngày hội hiện hành."""
    with reading():
        festival = festival_named(code)
        festival_id, code = festival.id, festival.code
        account = acting_account(by)
    with transaction():
        number = versions.make_version(festival_id, account).number
    versions.draw_waiting()
    folder.mkdir(parents=True, exist_ok=True)
    with reading():
        row = versions.version_of(festival_named(code), number)
        files = [
            (each.form, each.content, each.sha256) for each in (versions.file_of(row, form) for form in ReportForm)
        ]
    note_read(SecurityKind.EXPORT, {"what": "report", "festival": code})
    for form, content, digest in files:
        path = folder / f"bao-cao-{code}-{number}.{form}"
        path.write_bytes(content)
        click.echo(f"{digest}  {path}")
