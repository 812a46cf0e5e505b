"""`flask contest list|seat|unseat|unavailable|available`: what is contested and who judges it, without the office's screen."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from festival.accounts.commands import account_named
from festival.contests import actions
from festival.contests.commands import contest_named
from festival.contests.models import Contest, Judge, PanelSeat, Unavailability
from festival.contests.queries import contests
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.commands import FESTIVAL, festival_named
from festival.editions.models import Unit
from festival.editions.queries import unit_by_code

contest_cli = AppGroup("contest", help="Phần thi và ban giám khảo.")


@contest_cli.command("list")
@FESTIVAL
def list_contests(festival: str | None) -> None:
    """In mã, cách tính, kín hay công bố ngay, trạng thái, số giám khảo chấm, tên; cách nhau bằng Tab."""
    with reading():
        counted = select(Judge.contest_id, func.count()).where(Judge.marks).group_by(Judge.contest_id)
        seated = dict(db.session.execute(counted).all())
        for contest in contests(festival_named(festival).id):
            panel = f"{seated.get(contest.id, 0)}/{contest.panel_size}" if contest.panel_size else "-"
            cells = (contest.code, contest.result_kind, contest.secrecy, contest.state, panel, contest.name)
            click.echo("\t".join(cells))


@contest_cli.command("seat")
@click.argument("contest_code")
@click.option("--chair", metavar="LOGIN", help="Trưởng ban giám khảo (cũng chấm).")
@click.option("--member", "members", metavar="LOGIN", multiple=True, help="Giám khảo; ghi nhiều lần được.")
@click.option("--secretary", metavar="LOGIN", help="Thư ký (không chấm).")
@click.option("--reserve", "reserves", metavar="LOGIN", multiple=True, help="Giám khảo dự bị; ghi nhiều lần được.")
@FESTIVAL
def seat(
    contest_code: str,
    chair: str | None,
    members: tuple[str, ...],
    secretary: str | None,
    reserves: tuple[str, ...],
    festival: str | None,
) -> None:
    """Xếp ban giám khảo của một phần thi: xếp cả danh sách, hoặc không xếp ai khi có một người không được."""
    wanted = [
        (PanelSeat.CHAIR, chair),
        *((PanelSeat.MEMBER, each) for each in members),
        (PanelSeat.SECRETARY, secretary),
        *((PanelSeat.RESERVE, each) for each in reserves),
    ]
    said = []
    with transaction():
        contest = contest_named(festival, contest_code)
        for in_seat, login in wanted:
            if login is not None:
                seated = actions.seat(contest.id, account_named(login), in_seat)
                said.append(f"{login}\t{in_seat}\t{seated.letter or '-'}")
    if not said:
        raise click.UsageError("Cần ít nhất một trong --chair, --member, --secretary, --reserve.")
    click.echo("\n".join(said))


@contest_cli.command("unseat")
@click.argument("contest_code")
@click.argument("login")
@FESTIVAL
def unseat(contest_code: str, login: str, festival: str | None) -> None:
    """Rút một người khỏi ban giám khảo của phần thi, khi người đó chưa chấm phiếu nào."""
    with transaction():
        contest = contest_named(festival, contest_code)
        actions.unseat(_judge(contest, login))
        said = f"{login} thôi ở ban giám khảo của {contest.name}."
    click.echo(said)


def _judge(contest: Contest, login: str) -> int:
    found = db.session.scalar(
        select(Judge.id).where(Judge.contest_id == contest.id, Judge.user_id == account_named(login))
    )
    if found is None:
        raise click.ClickException(f"{login} không có trong ban giám khảo của {contest.name}.")
    return found


@contest_cli.command("available")
@click.argument("contest_code")
@click.argument("login")
@click.argument("unit_code")
@FESTIVAL
def available(contest_code: str, login: str, unit_code: str, festival: str | None) -> None:
    """Bỏ lời ghi rằng giám khảo có liên quan đến một đơn vị: giám khảo chấm đơn vị đó trở lại."""
    with transaction():
        contest = contest_named(festival, contest_code)
        noted = db.session.scalar(
            select(Unavailability.id)
            .join(Unit, Unit.id == Unavailability.unit_id)
            .where(Unavailability.judge_id == _judge(contest, login), Unit.official_code == unit_code)
        )
        if noted is None:
            raise click.ClickException(f"Chưa ghi rằng {login} có liên quan đến đơn vị mã {unit_code}.")
        actions.drop_unavailable(noted)
    click.echo(f"{login} chấm đơn vị mã {unit_code} trở lại.")


@contest_cli.command("unavailable")
@click.argument("contest_code")
@click.argument("login")
@click.argument("unit_code")
@click.option("--reason", required=True, help="Vì sao không chấm đơn vị này.")
@FESTIVAL
def unavailable(contest_code: str, login: str, unit_code: str, reason: str, festival: str | None) -> None:
    """Ghi rằng giám khảo có liên quan đến một đơn vị (mã hành chính vào ngày khai mạc) nên không chấm đơn vị đó."""
    with transaction():
        contest = contest_named(festival, contest_code)
        judge_id = _judge(contest, login)
        unit = unit_by_code(unit_code, contest.festival.starts_on)
        if unit is None:
            raise click.ClickException(f"Không có đơn vị mã {unit_code} vào ngày khai mạc.")
        actions.note_unavailable(judge_id, unit.id, reason)
        said = f"{login} không chấm {unit.name}: {reason}"
    click.echo(said)
