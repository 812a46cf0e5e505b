"""`flask ledger …`: read the heads, verify the streams."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from festival.core import ledger
from festival.core.chain import Head
from festival.core.numbers import typed_number
from festival.core.transaction import reading

ledger_cli = AppGroup("ledger", help="Sổ ghi: đầu sổ và kiểm tra.")


@ledger_cli.command("head")
@click.argument("stream", required=False)
def show_head(stream: str | None) -> None:
    """In đầu sổ của một hoặc mọi sổ, mỗi dòng: SỔ SỐ_DÒNG MÃ_BĂM."""
    with reading():
        for name in _named(stream) or ledger.streams():
            found = ledger.head(name)
            click.echo(f"{name} {found.size} {found.hash}")


def _named(stream: str | None, *outside: str) -> list[str]:
    """The stream asked for; a mistyped one is not "intact", it is not there."""
    if stream is None:
        return []
    if stream not in {*ledger.streams(), *outside}:
        raise click.ClickException(f"Không có sổ «{stream}». Xem các sổ: flask ledger head")
    return [stream]


def _size(text: str) -> int:
    size = typed_number(text)
    if size is None:
        raise ValueError(text)
    return size


@ledger_cli.command("verify")
@click.argument("stream", required=False)
@click.option("--head", "heads", multiple=True, metavar="STREAM:SIZE:HASH", help="Đầu sổ giữ bên ngoài (biên bản).")
def verify(stream: str | None, heads: tuple[str, ...]) -> None:
    """Kiểm tra một hoặc mọi sổ; sổ bị thay đổi thì nêu dòng và kết thúc với mã 1."""
    outside: dict[str, list[Head]] = {}
    for text in heads:
        try:
            name, size, digest = text.rsplit(":", 2)
            outside.setdefault(name, []).append(Head(_size(size), digest.lower()))
        except ValueError as error:
            raise click.BadParameter("cần TÊN:SỐ DÒNG:MÃ", param_hint="--head") from error
    broken = False
    with reading():
        for name in _named(stream, *outside) or sorted({*ledger.streams(), *outside}):
            faults = ledger.verify(name, outside.get(name, []))
            broken = broken or bool(faults)
            click.echo(f"{name}: {'NGUYÊN VẸN' if not faults else 'BỊ THAY ĐỔI'} ({ledger.head(name).size} dòng)")
            for fault in faults[:20]:
                click.echo(f"  dòng {fault.seq}: {fault.reason}")
    if broken:
        raise SystemExit(1)
