"""`flask venue …`: a hall without internet, made ready and looked at the evening before (docs/venue.md)."""

from __future__ import annotations

import ipaddress
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import click
from flask.cli import AppGroup

from festival.core.pulse.signs import Level
from festival.operations.venue.judged import VenueStep
from festival.operations.venue.looking import Hub, look
from festival.operations.venue.own_authority import LONGEST_DAYS, NotMade, make_certificate

venue_cli = AppGroup("venue", help="Nơi tổ chức không có mạng ngoài: chứng chỉ riêng, thử trước ngày hội.")

_MARK = {Level.GOOD: "[x]", Level.WARN: "[?]", Level.BAD: "[!]", None: "[ ]"}


@venue_cli.command("check", with_appcontext=False)
@click.argument("address")
@click.option(
    "--ca", type=click.Path(path_type=Path), help="Chứng chỉ của nơi cấp riêng (ca.crt), khi máy này chưa tin nó."
)
@click.option("--code", default="", help="Mã gắn máy của một cổng: thử cả gắn máy và đồng bộ.")
def check(address: str, ca: Path | None, code: str) -> None:
    """Nhìn máy chủ như một điện thoại nhìn: tên, chứng chỉ, đồng hồ, trang, thiết bị; có chỗ hỏng thì kết thúc với mã 1."""
    hub = _hub(address, ca)
    steps = list(look(hub, code))
    for step in steps:
        _tell(step)
    bad = sum(step.level is Level.BAD for step in steps)
    if bad:
        click.echo(f"{bad} chỗ phải sửa. Sửa từ trên xuống rồi chạy lại.")
        raise SystemExit(1)
    click.echo("Không có chỗ nào hỏng." if all(step.level for step in steps) else "Những chỗ đã thử đều được.")


def _hub(address: str, ca: Path | None) -> Hub:
    try:
        parts = urlsplit(address if "//" in address else f"https://{address}")
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port or 443
    except ValueError:
        scheme, host, port = "", "", 0
    if scheme != "https" or not host:
        raise click.BadParameter("cần một địa chỉ như https://ngayhoi.lan", param_hint="ADDRESS")
    trust = ssl.create_default_context()
    if ca is not None:
        try:
            trust.load_verify_locations(cafile=str(ca))
        except (OSError, ssl.SSLError) as wrong:
            raise click.BadParameter(f"không đọc được chứng chỉ {ca}", param_hint="--ca") from wrong
    return Hub(host, port, trust)


def _tell(step: VenueStep) -> None:
    click.echo(f"{_MARK[step.level]} {step.title}: {step.said}")
    if step.todo:
        click.echo(f"    Việc cần làm: {step.todo}")


@venue_cli.command("certificate", with_appcontext=False)
@click.argument("host")
@click.option("--into", type=click.Path(path_type=Path, file_okay=False), required=True, help="Thư mục để ba tệp.")
@click.option(
    "--address", "addresses", multiple=True, help="Địa chỉ của máy chủ trong mạng, để mở được cả khi không có tên."
)
@click.option(
    "--days", type=click.IntRange(1, LONGEST_DAYS), default=90, show_default=True, help="Dùng được bao nhiêu ngày."
)
def certificate(host: str, into: Path, addresses: tuple[str, ...], days: int) -> None:
    """Làm chứng chỉ cho máy chủ trong mạng riêng, và nơi cấp chỉ được tin cho đúng tên đó."""
    try:
        made = make_certificate(host, [ipaddress.ip_address(each) for each in addresses], days, into)
    except NotMade as refused:
        raise click.ClickException(str(refused)) from refused
    except ValueError as wrong:
        raise click.BadParameter(
            f"{wrong.args[0].split(' ')[0]} không phải địa chỉ mạng", param_hint="--address"
        ) from wrong
    except OSError as wrong:
        raise click.ClickException(f"Không ghi được vào {into}: {wrong.strerror}") from wrong
    click.echo(f"Đã làm {into}/ca.crt, server.crt, server.key; dùng đến hết {made.ends:%d/%m/%Y}.")
    click.echo(
        "Caddy (chép hai tệp server vào /etc/caddy, chủ là caddy): tls /etc/caddy/server.crt /etc/caddy/server.key"
    )
    click.echo("Điện thoại: cài ca.crt theo docs/venue.md. Dấu SHA-256 để so trên màn hình:")
    click.echo(f"  {made.fingerprint}")
    click.echo("Khóa của nơi cấp không được giữ lại: không ai ký thêm được gì bằng nó.")
