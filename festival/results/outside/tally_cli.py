"""Marks in, places out, without a database: `flask judging tally FILE`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
from flask_babel import force_locale

from festival.core.web.i18n import LANGUAGES, say
from festival.editions.rules.document import BrokenRuleset, parse
from festival.judging.commands import judging_cli
from festival.results.outside.tally_file import read_tally_file
from festival.results.outside.tally_told import told
from festival.results.table import compute_table

LARGEST = 20_000_000  # bytes


@judging_cli.command("tally")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--lang", type=click.Choice(list(LANGUAGES)), default="vi", show_default=True, help="Ngôn ngữ của lý do.")
def tally(file: Path, lang: str) -> None:
    """Tính thứ hạng từ một tệp điểm, không dùng cơ sở dữ liệu. FILE là tệp JSON festival-tally 1, hoặc - để đọc từ đầu vào."""
    with force_locale(lang):
        try:
            content = sys.stdin.buffer.read(LARGEST + 1) if str(file) == "-" else file.read_bytes()
        except OSError as error:
            click.echo(f"$: {error.strerror}", err=True)
            raise SystemExit(2) from error
        try:
            tallied = read_tally_file(parse(content))
        except BrokenRuleset as error:
            first = error.problems[0]
            click.echo(f"{first.path}: {say(first.reason)}", err=True)
            raise SystemExit(2) from error
        table = compute_table(tallied, settled=True)
        click.echo(json.dumps(told(table, [seat.letter for seat in tallied.seats]), ensure_ascii=False, indent=1))
