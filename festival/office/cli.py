"""`flask festival import|list|choose|put-away|bring-out|remove|phase`: editions from files, which is current, what is open when."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from festival.accounts.commands import acting_account
from festival.core.clock import from_local, local, now
from festival.core.transaction import reading, transaction
from festival.core.web.i18n import say
from festival.editions import actions, choosing, queries
from festival.editions.commands import festival_named, importing
from festival.editions.models import PhaseKind
from festival.office.festival_import import import_festival, read_file
from festival.office.removing import remove_edition

festival_cli = AppGroup("festival", help="Ngày hội.")
STATES = {"current": "hiện hành", "archived": "lưu trữ", "put_away": "đã cất"}
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
            shown = queries.current_festival()
            current = shown.code if shown else ""
    click.echo(said)
    if current != read.ruleset.festival.code:
        held = f"Ngày hội hiện hành vẫn là {current}." if current else "Chưa chọn ngày hội hiện hành."
        click.echo(f"{held} Muốn các trang nói về ngày hội này: flask festival choose {read.ruleset.festival.code}")
    for each in changes:
        click.echo(f"Thay đổi: {each}")
    if read.ruleset.invented:
        click.echo("Không có trong nguồn công bố: " + "; ".join(read.ruleset.invented) + ".")


@festival_cli.command("list")
def list_festivals() -> None:
    """Liệt kê các ngày hội: hiện hành, lưu trữ hay đã cất, ngày diễn ra và việc đang mở."""
    with reading():
        lines = []
        for festival in queries.festivals():
            opened = [kind.value for kind in PhaseKind if queries.phase_open(festival, kind, now())]
            lines.append(
                f"{STATES[queries.state_of(festival)]}\t{festival.code}\t{festival.starts_on}..{festival.ends_on}\t{festival.name}\t"
                f"{'đang mở: ' + ', '.join(opened) if opened else 'chưa mở gì'}"
            )
    click.echo("\n".join(lines) or "Chưa có ngày hội nào.")


BY = click.option("--by", help="Tên đăng nhập của người làm bước này.")


@festival_cli.command("choose")
@click.argument("code")
@BY
def choose(code: str, by: str | None) -> None:
    """Chọn ngày hội hiện hành: các trang và lệnh không ghi mã nói về ngày hội này."""
    with transaction():
        before = queries.current_festival()
        left = before.code if before else ""
        choosing.choose(festival_named(code), acting_account(by))
    click.echo(f"Ngày hội hiện hành: {code}.")
    if left and left != code:
        click.echo(f"{left} vào lưu trữ. Quay lại: flask festival choose {left}")


@festival_cli.command("put-away")
@click.argument("code")
@click.option("--reason", required=True, help="Vì sao cất: nhập nhầm, thử nghiệm…")
@BY
def put_away(code: str, reason: str, by: str | None) -> None:
    """Cất một ngày hội nhập nhầm hoặc để thử: không trang nào hiện nó, không mất gì."""
    with transaction():
        choosing.put_away(festival_named(code), reason, acting_account(by))
    click.echo(f"Đã cất {code}. Lấy ra lại: flask festival bring-out {code}")


@festival_cli.command("bring-out")
@click.argument("code")
@BY
def bring_out(code: str, by: str | None) -> None:
    """Lấy ra lại ngày hội đã cất."""
    with transaction():
        choosing.bring_out(festival_named(code), acting_account(by))
    click.echo(f"{code} ở trong lưu trữ. Chọn làm hiện hành: flask festival choose {code}")


@festival_cli.command("remove")
@click.argument("code")
@click.option("--yes", is_flag=True, help="Xóa không hỏi lại.")
@BY
def remove(code: str, yes: bool, by: str | None) -> None:
    """Xóa hẳn một ngày hội đã cất và còn trống; mã của nó dùng lại được."""
    if not yes:
        click.confirm(f"Xóa hẳn ngày hội {code}?", abort=True)
    with transaction():
        remove_edition(festival_named(code), acting_account(by))
    click.echo(f"Đã xóa {code}.")


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
