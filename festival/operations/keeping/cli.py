"""`flask copies …`: which copies are good, one away from this machine, one back."""

from __future__ import annotations

import sys
from datetime import datetime
from functools import partial
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from config import Config
from festival.core.clock import local, now
from festival.operations.copies import BackupError
from festival.operations.keeping.listing import listed
from festival.operations.keeping.places import place_of
from festival.operations.keeping.sending import fetch, send
from festival.operations.sealed.passphrase import passphrase_option, sending_passphrase

SHOWN = 20

copies_cli = AppGroup("copies", help="Các bản sao: bản nào còn tốt, gửi một bản ra ngoài máy, lấy về.")


@copies_cli.command("list")
@click.option("--away", is_flag=True, help="Các bản sao ở nơi nhận ngoài máy.")
@click.option("--all", "whole", is_flag=True, help=f"Mọi bản sao; không có thì {SHOWN} bản mới nhất.")
def list_copies(away: bool, whole: bool) -> None:
    """In các bản sao trên máy, mới nhất trước: tên, số byte, lúc làm, còn tốt hay không; mã thoát 1 khi có bản không tốt."""
    config: Config = current_app.config["FESTIVAL"]
    if away:
        try:
            click.echo("\n".join(place_of(config).names()) or "Chưa có bản sao nào ở nơi nhận.")
        except BackupError as error:
            raise click.ClickException(str(error)) from error
        return
    found = []
    for each in listed(config, sys.maxsize if whole else SHOWN):
        found.append(each.good)
        kept = each.path.stat()
        at = local(datetime.fromtimestamp(kept.st_mtime, now().tzinfo))
        cells = (each.path.name, kept.st_size, f"{at:%Y-%m-%d %H:%M}", each.words)
        click.echo("\t".join(map(str, cells)))
    if not found:
        click.echo("Chưa có bản sao nào. Làm một bản: flask backup")
    sys.exit(0 if all(found) else 1)


@copies_cli.command("send")
@passphrase_option
def send_copy(passphrase_file: Path | None) -> None:
    """Làm một bản sao mã hóa, gửi tới nơi FESTIVAL_AWAY nêu, đọc lại ở đó, rồi bỏ các bản quá hạn ở đó."""
    config: Config = current_app.config["FESTIVAL"]
    try:
        done = send(config, partial(sending_passphrase, config, passphrase_file))
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Đã gửi {done.name} ({done.size_bytes} byte) tới {config.away}; đã đọc lại ở đó, khớp.")
    if done.gone:
        click.echo(f"Đã bỏ {done.gone} bản sao quá {config.backup_days} ngày ở đó.")


@copies_cli.command("fetch")
@click.argument("name")
def fetch_copy(name: str) -> None:
    """Lấy bản sao NAME từ nơi nhận về thư mục backups của máy này."""
    config: Config = current_app.config["FESTIVAL"]
    try:
        target = fetch(config, name)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Đã lấy về {target}. Thử trước bằng: flask drill {target}")
