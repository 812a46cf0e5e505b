"""`flask contest list|seat|unavailable`: what is contested and who judges it, without the office's screen."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from sqlalchemy import func, select

from festival.accounts.models import User
from festival.contests import actions
from festival.contests.models import Contest, Judge, PanelSeat
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Refusal
from festival.editions.models import Festival
from festival.editions.queries import current_festival, festival_by_code, unit_by_code

contest_cli = AppGroup("contest", help="Phần thi và ban giám khảo.")


def _contest(festival_code: str | None, code: str) -> Contest:
    contest = db.session.scalars(
        select(Contest).where(Contest.festival_id == _festival(festival_code).id, Contest.code == code)
    ).one_or_none()
    if contest is None:
        raise click.ClickException(f"Không có phần thi mã {code}. Xem: flask contest list")
    return contest


def _festival(code: str | None) -> Festival:
    found = festival_by_code(code) if code else current_festival()
    if found is None:
        raise click.ClickException("Không có ngày hội này. Nhập bằng: flask festival import FILE")
    return found


def _user_id(login: str) -> int:
    found = db.session.scalar(select(User.id).where(User.login == login.strip().lower()))
    if found is None:
        raise click.ClickException(f"Không có tài khoản {login}. Tạo bằng: flask admin create {login}")
    return found


@contest_cli.command("list")
@click.option("--festival", "festival_code", help="Mã ngày hội; mặc định là ngày hội gần nhất.")
def list_contests(festival_code: str | None) -> None:
    """In mã, cách tính, kín hay công bố ngay, trạng thái, số giám khảo chấm, tên; cách nhau bằng Tab."""
    with reading():
        seated = dict(
            db.session.execute(select(Judge.contest_id, func.count()).where(Judge.marks).group_by(Judge.contest_id))
            .tuples()
            .all()
        )
        for contest in db.session.scalars(
            select(Contest).where(Contest.festival_id == _festival(festival_code).id).order_by(Contest.position)
        ):
            panel = f"{seated.get(contest.id, 0)}/{contest.panel_size}" if contest.panel_size else "-"
            cells = (contest.code, contest.result_kind, contest.secrecy, contest.state, panel, contest.name)
            click.echo("\t".join(cells))


@contest_cli.command("seat")
@click.argument("contest_code")
@click.option("--chair", metavar="LOGIN", help="Trưởng ban giám khảo (cũng chấm).")
@click.option("--member", "members", metavar="LOGIN", multiple=True, help="Giám khảo; ghi nhiều lần được.")
@click.option("--secretary", metavar="LOGIN", help="Thư ký (không chấm).")
@click.option("--festival", "festival_code", help="Mã ngày hội.")
def seat(
    contest_code: str, chair: str | None, members: tuple[str, ...], secretary: str | None, festival_code: str | None
) -> None:
    """Xếp ban giám khảo của một phần thi: xếp cả danh sách, hoặc không xếp ai khi có một người không được."""
    wanted = [
        (PanelSeat.CHAIR, chair),
        *((PanelSeat.MEMBER, each) for each in members),
        (PanelSeat.SECRETARY, secretary),
    ]
    said = []
    try:
        with transaction():
            contest = _contest(festival_code, contest_code)
            for in_seat, login in wanted:
                if login is not None:
                    seated = actions.seat(contest.id, _user_id(login), in_seat)
                    said.append(f"{login}\t{in_seat}\t{seated.letter or '-'}")
    except Refusal as refused:
        raise click.ClickException(str(refused.message)) from refused
    if not said:
        raise click.UsageError("Cần ít nhất một trong --chair, --member, --secretary.")
    click.echo("\n".join(said))


@contest_cli.command("unavailable")
@click.argument("contest_code")
@click.argument("login")
@click.argument("unit_code")
@click.option("--reason", required=True, help="Vì sao không chấm đơn vị này.")
@click.option("--festival", "festival_code", help="Mã ngày hội.")
def unavailable(contest_code: str, login: str, unit_code: str, reason: str, festival_code: str | None) -> None:
    """Ghi rằng giám khảo có liên quan đến một đơn vị (mã hành chính vào ngày khai mạc) nên không chấm đơn vị đó."""
    try:
        with transaction():
            contest = _contest(festival_code, contest_code)
            judge_id = db.session.scalar(
                select(Judge.id).where(Judge.contest_id == contest.id, Judge.user_id == _user_id(login))
            )
            if judge_id is None:
                raise click.ClickException(f"{login} không có trong ban giám khảo của {contest.name}.")
            unit = unit_by_code(unit_code, contest.festival.starts_on)
            if unit is None:
                raise click.ClickException(f"Không có đơn vị mã {unit_code} vào ngày khai mạc.")
            actions.note_unavailable(judge_id, unit.id, reason)
            said = f"{login} không chấm {unit.name}: {reason}"
    except Refusal as refused:
        raise click.ClickException(str(refused.message)) from refused
    click.echo(said)
