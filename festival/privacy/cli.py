"""`flask privacy …`: what is erased when, moving the day, holding, and erasing."""

from __future__ import annotations

from datetime import datetime

import click
from flask.cli import AppGroup

from festival.core.clock import today
from festival.core.transaction import reading, transaction
from festival.core.web.i18n import say
from festival.editions import retention
from festival.editions.commands import FESTIVAL, festival_named
from festival.editions.retention import DUE_WORDS, Due
from festival.privacy import erasing
from festival.privacy.plan import Forecast, HeldData, forecast

privacy_cli = AppGroup("privacy", help="Dữ liệu cá nhân: hạn lưu, giữ lại, xóa.")
REASON = click.option("--reason", required=True, help="Lý do, ghi vào sổ.")
PAPERS = click.option("--papers", is_flag=True, help="Giấy tờ đã ký thay vì dữ liệu.")


@privacy_cli.command("erase")
@FESTIVAL
@PAPERS
@click.option("--dry-run", is_flag=True, help="Chỉ nói cái gì mất, cái gì còn, vì sao, đến bao giờ.")
@click.option("--yes", is_flag=True, help="Không hỏi lại.")
def erase(festival: str | None, papers: bool, dry_run: bool, yes: bool) -> None:
    """Xóa dữ liệu cá nhân của một ngày hội đã đến hạn; việc định kỳ cũng tự làm vào ngày đó."""
    what = "papers" if papers else "data"
    with reading():
        foreseen = forecast(festival_named(festival))
        due = foreseen.kept.due(what, today())
        code = foreseen.festival.code
        lines = list(_told(foreseen))
    click.echo("\n".join(lines))
    if dry_run:
        return
    # Data that is only made up, or an edition of the past, is erased when somebody asks; never by itself.
    if due not in (Due.DUE, Due.DEMO, Due.BORN_LATE):
        raise click.ClickException(
            f"Không xóa: {say(DUE_WORDS[due])}. Đổi ngày: flask privacy keep --until NGÀY --reason …"
        )
    if not yes:
        click.confirm("Xóa hẳn những gì ghi ở trên? Không lấy lại được.", abort=True)
    clean = erasing.erase(code, what)
    click.echo(
        "Đã xóa, cả trong tệp của cơ sở dữ liệu."
        if clean
        else "Đã xóa trong bảng. Tệp còn người đang đọc: việc định kỳ (flask worker) làm tiếp."
    )


def _told(foreseen: Forecast) -> list[str]:
    days = foreseen.kept
    on = today()
    return [
        f"{foreseen.festival.name} ({foreseen.festival.code})",
        f"Dữ liệu giữ đến {days.data_until:%d/%m/%Y}: {say(DUE_WORDS[days.due('data', on)])}.",
        f"Giấy tờ đã ký giữ đến {days.papers_until:%d/%m/%Y}: {say(DUE_WORDS[days.due('papers', on)])}.",
        "Mất:",
        *(_line(line) for line in foreseen.goes),
        "Còn:",
        *(_line(line) for line in foreseen.stays),
    ]


def _line(line: HeldData) -> str:
    until = f", đến {line.until}" if line.until else ""
    return f"  {line.count}\t{say(line.what)}: {say(line.why)}{until}"


@privacy_cli.command("keep")
@FESTIVAL
@PAPERS
@click.option("--until", required=True, type=click.DateTime(["%Y-%m-%d"]), help="Ngày cuối còn giữ.")
@REASON
def keep(festival: str | None, papers: bool, until: datetime, reason: str) -> None:
    """Đặt lại ngày xóa, trước khi ngày đó đến."""
    with transaction():
        found = festival_named(festival)
        fault = retention.keep_until(found, "papers" if papers else "data", until.date(), reason, None)
        code = found.code
    if fault is not None:
        raise click.ClickException(say(fault))
    click.echo(f"{code}: giữ đến {until:%d/%m/%Y}.")


@privacy_cli.command("hold")
@FESTIVAL
@REASON
def hold(festival: str | None, reason: str) -> None:
    """Giữ lại tất cả (khiếu nại, yêu cầu của cơ quan), không xóa gì cho đến khi bỏ giữ."""
    with transaction():
        found = festival_named(festival)
        retention.hold(found, reason, None)
        code = found.code
    click.echo(f"{code}: đang giữ lại, không xóa gì.")


@privacy_cli.command("unhold")
@FESTIVAL
@REASON
def unhold(festival: str | None, reason: str) -> None:
    """Bỏ giữ lại; ngày xóa có hiệu lực trở lại."""
    with transaction():
        found = festival_named(festival)
        retention.let_go(found, reason, None)
        code = found.code
    click.echo(f"{code}: không còn giữ lại.")
