"""`flask results export`: a festival's results as one file that anybody can recount with `verify.py`."""

from __future__ import annotations

import json
from pathlib import Path

import click

from festival.contests.commands import contest_named
from festival.contests.queries import contests as edition_contests
from festival.core.security_log import SecurityKind, note_read
from festival.core.transaction import reading
from festival.editions.commands import FESTIVAL, festival_named
from festival.judging.contest_access import marks_are_secret
from festival.results.cli import results_cli
from festival.results.export.edition import export_of


@results_cli.command("export")
@click.argument("contests", nargs=-1, metavar="[CONTEST...]")
@FESTIVAL
@click.option("--jury", is_flag=True, help="Bản của ban giám khảo: có điểm, tên, lý do; xem được ghi vào nhật ký.")
@click.option("--to", type=click.Path(dir_okay=False, path_type=Path), help="Ghi vào tệp này; không có thì in ra.")
def export(contests: tuple[str, ...], festival: str | None, jury: bool, to: Path | None) -> None:
    """Xuất kết quả để tính lại bằng verify.py; không có --jury thì chỉ có những gì công chúng được biết."""
    with reading():
        named = [contest_named(festival, code) for code in contests]
        edition = festival_named(festival)
        told = export_of(edition, {each.code for each in named}, jury=jury)
        shown = {each["code"] for each in told["contests"] if each["shows"] != "nothing"}
        secret = [each.code for each in edition_contests(edition.id) if each.code in shown and marks_are_secret(each)]
    if jury:
        for code in secret:
            note_read(SecurityKind.READ_MARKS, {"contest": code})
    text = json.dumps(told, ensure_ascii=False, indent=1)
    if to is None:
        click.echo(text)
    else:
        to.write_text(text + "\n", encoding="utf-8")
        click.echo(f"Đã ghi {to}: {len(shown)} phần thi, {len(told['ledger'])} sổ.")
