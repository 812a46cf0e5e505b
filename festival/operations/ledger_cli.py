"""`flask ledger …`: read the heads, verify the streams and hold the tables against them.

The command names rows, not values: whoever works on the server must not learn marks by verifying them. `--values` prints
both values, and is noted in the security log.
"""

from __future__ import annotations

import click
from flask.cli import AppGroup

from festival.core import ledger
from festival.core.chain import Head
from festival.core.numbers import typed_number
from festival.core.seal import checks as seals
from festival.core.security_log import SecurityKind, note_read
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
@click.option("--values", is_flag=True, help="In cả hai giá trị khác nhau (điểm còn kín, tên).")
def verify(stream: str | None, heads: tuple[str, ...], values: bool) -> None:
    """Kiểm tra một hoặc mọi sổ, và đối chiếu các bảng với sổ; có chỗ khác thì nêu ra và kết thúc với mã 1."""
    outside: dict[str, list[Head]] = {}
    for text in heads:
        try:
            name, size, digest = text.rsplit(":", 2)
            outside.setdefault(name, []).append(Head(_size(size), digest.lower()))
        except ValueError as error:
            raise click.BadParameter("cần TÊN:SỐ DÒNG:MÃ", param_hint="--head") from error
    if values:
        note_read(SecurityKind.READ_MARKS, {"command": "ledger verify"})
    with seals.snapshot():
        report = seals.inspect(_named(stream, *outside), outside)
        for each in report.streams:
            # A contest that nobody has judged yet has no stream; it is told of only when its tables say otherwise.
            if each.lines or each.faults or each.counted or stream is not None:
                _tell(each, values=values)
        _tell_counts(report)
    if not report.clean:
        click.echo(REMEDY)
        raise SystemExit(1)


REMEDY = (
    "Việc cần làm: dừng chấm và công bố, giữ nguyên máy chủ, báo Ban Tổ chức. Dữ liệu bị sửa ngoài chương trình thì khôi phục "
    "bản sao lưu gần nhất còn khớp (flask restore), hoặc ghi lại số đúng bằng chức năng sửa của chương trình. "
    "Xem docs/judging.md, mục «Khi sổ và bảng khác nhau»."
)


def _tell(stream: seals.SealedStream, *, values: bool) -> None:
    state = "BỊ THAY ĐỔI" if stream.faults else "BẢNG KHÁC SỔ" if stream.counted else "NGUYÊN VẸN"
    click.echo(f"{stream.name}: {state} ({stream.lines} dòng)")
    for fault in stream.faults[:20]:
        click.echo(f"  dòng {fault.seq}: {fault.reason}")
    for said, (_seal, difference) in zip(seals.worded(stream.differences), stream.differences, strict=True):
        both = f" (sổ: {difference.recorded}; bảng: {difference.found})" if values else ""
        click.echo(f"  {said}{both}")
    if stream.counted > len(stream.differences):
        click.echo(f"  … và {stream.counted - len(stream.differences)} chỗ nữa")


def _tell_counts(report: seals.SealReport) -> None:
    """What could not be compared is said, not passed over."""
    if report.counts.erased:
        click.echo(f"{report.counts.erased} dòng của bảng không so được: chi tiết trong sổ đã xóa.")
    if report.counts.unknown:
        click.echo(f"{report.counts.unknown} dòng của bảng chỉ so được một phần: bản trước không ghi đủ vào sổ.")
