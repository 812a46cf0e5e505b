"""`flask results scan`, `delegations-scan` and `decide-number`: signed papers from files, as their page takes them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask import current_app
from werkzeug.datastructures import FileStorage

from config import Config
from festival.accounts.commands import acting_account
from festival.contests.commands import contest_named
from festival.core.transaction import transaction
from festival.editions.commands import FESTIVAL, festival_named
from festival.papers.scans.needed import OF_RESULT, ScanKind
from festival.registration.signing.scans import SentPages, sent_pages
from festival.results.cli import BY, results_cli
from festival.results.ladder import paper_days
from festival.results.ladder import sign as ladder_sign
from festival.results.scans import keeping

KIND = click.argument("kind", type=click.Choice([each.value for each in OF_RESULT]))
FILES = click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
ALSO = click.option(
    "--also", multiple=True, metavar="CONTEST", help="Quyết định còn ghi giải của phần thi này; dùng nhiều lần."
)


@results_cli.command("scan")
@click.argument("contest")
@KIND
@FILES
@ALSO
@click.option("--whole", is_flag=True, help="Quyết định còn ghi giải toàn đoàn.")
@FESTIVAL
@BY
def scan(
    contest: str,
    kind: str,
    files: tuple[Path, ...],
    also: tuple[str, ...],
    whole: bool,
    festival: str | None,
    by: str | None,
) -> None:
    """Gửi bản ký của một phần thi: minutes là biên bản, decision là quyết định trao giải; ảnh từng trang hoặc một tệp PDF."""
    _send(festival, kind, files, [contest, *also], whole=whole, by=by)


@results_cli.command("delegations-scan")
@KIND
@FILES
@ALSO
@FESTIVAL
@BY
def delegations_scan(
    kind: str, files: tuple[Path, ...], also: tuple[str, ...], festival: str | None, by: str | None
) -> None:
    """Gửi bản ký của toàn đoàn: minutes là biên bản, decision là quyết định trao giải."""
    _send(festival, kind, files, also, whole=True, by=by)


def _send(
    festival: str | None, kind: str, files: Sequence[Path], contests: Sequence[str], *, whole: bool, by: str | None
) -> None:
    pages = _pages(files)
    with transaction():
        row, ids = festival_named(festival), [contest_named(festival, each).id for each in contests]
        number = keeping.send(row.id, ScanKind(kind), ids, whole, pages, acting_account(by))
    click.echo(f"Đã nhận bản ký, lần gửi số {number}, {len(pages.pages)} trang.")


def _pages(files: Sequence[Path]) -> SentPages:
    config: Config = current_app.config["FESTIVAL"]
    opened: list[Any] = [each.open("rb") for each in files]
    try:
        sent = sent_pages([FileStorage(each) for each in opened], config.instance)
    finally:
        for each in opened:
            each.close()
    if sent is None:
        raise click.ClickException("Tệp trống. Chụp hoặc quét các trang đã ký rồi gửi.")
    return sent


@results_cli.command("decide-number")
@click.argument("contest")
@click.option("--number", default="", help="Số của quyết định; bỏ trống là chưa có.")
@click.option("--day", default="", metavar="DD/MM/YYYY", help="Ngày của quyết định.")
@click.option("--was", default="", help="Số đang ghi; bỏ trống là chưa có số.")
@FESTIVAL
@BY
def decide_number(contest: str, number: str, day: str, was: str, festival: str | None, by: str | None) -> None:
    """Ghi sau, hoặc sửa, số và ngày của quyết định trao giải."""
    with transaction():
        row = contest_named(festival, contest)
        ladder_sign.number_decision(row.id, number, paper_days.paper_day(day), was, acting_account(by))
    click.echo(f"Đã ghi số quyết định trao giải: {number or 'chưa có'}.")
