"""`flask units import`: the administrative lists."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from festival.core.transaction import transaction
from festival.editions import actions
from festival.editions.commands import importing
from festival.editions.rules.document import parse
from festival.editions.unit_history import read

units_cli = AppGroup("units", help="Đơn vị hành chính.")


@units_cli.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def import_files(files: tuple[Path, ...]) -> None:
    """Nhập danh sách đơn vị hành chính kèm thời gian có hiệu lực; nhập lại lần nữa không đổi gì."""
    for file in files:
        with importing(file):
            listed = read(parse(file.read_bytes()))
            with transaction():
                done = actions.import_units(listed)
        click.echo(
            f"{listed.title or file.name}: {done.new_units} đơn vị mới, {done.known_units} đã có, "
            f"{done.new_successions} lượt nhập đơn vị."
        )
