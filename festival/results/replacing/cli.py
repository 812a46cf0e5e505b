"""`flask judging seats|seat|replace|replace-back|recuse`: who sits in a panel, a judge replaced, one who does not mark an act."""

from __future__ import annotations

import json

import click
from sqlalchemy import select

from festival.accounts.commands import account_named
from festival.contests import actions
from festival.contests.commands import contest_named
from festival.contests.models import PRESENT_SEATS, Contest, Judge, PanelSeat
from festival.contests.replacing.models import SeatReplacement
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.commands import FESTIVAL
from festival.judging.commands import judging_cli
from festival.judging.panel import away
from festival.judging.tally import read_tally
from festival.results.cli import checked
from festival.results.replacing import deciding, seat_lists
from festival.results.replacing.deciding import NotTheirs

CHAIR = click.option("--chair", help="Tên đăng nhập của trưởng ban giám khảo, hoặc Ban Tổ chức khi thay trưởng ban.")
SECRETARY = click.option("--secretary", help="Tên đăng nhập của thư ký.")
CHAIR_PASSWORD = click.option("--chair-password", envvar="CHAIR_PASSWORD", hidden=True)
SECRETARY_PASSWORD = click.option("--secretary-password", envvar="SECRETARY_PASSWORD", hidden=True)
OVERRIDE = click.option("--override", is_flag=True, help="Không có hai người; lý do được ghi vào sổ.")
REASON = click.option("--reason", required=True, help="Lý do bằng lời.")


@judging_cli.command("seats")
@click.argument("contest")
@FESTIVAL
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def seats(contest: str, festival: str | None, as_json: bool) -> None:
    """Ai ngồi ghế nào, ai ngồi trước đó, ai dự bị."""
    with reading():
        row = contest_named(festival, contest)
        tallied = read_tally(row)
        marked = seat_lists.marked_by_seat(tallied)
        logins = [user.login for user in seat_lists.in_reserve(row.id)]
        changes = seat_lists.replacements_of(row.id)
    lines = [{"letter": each.letter, "name": each.name, "marked": marked[each.id]} for each in tallied.seats]
    told = [
        {
            "letter": each.letter,
            "out": each.out,
            "in": each.into,
            "reason": each.reason,
            "taken_back": each.taken_back_why,
        }
        for each in changes
    ]
    if as_json:
        click.echo(json.dumps({"seats": lines, "reserve": logins, "replaced": told}, ensure_ascii=False))
        return
    for seat in lines:
        click.echo(f"{seat['letter']}\t{seat['name']}\t{seat['marked']} phiếu")
    for login in logins:
        click.echo(f"dự bị\t{login}")
    for change in told:
        back = f" (trả lại: {change['taken_back']})" if change["taken_back"] else ""
        click.echo(f"ghế {change['letter']}: {change['out']} → {change['in']}: {change['reason']}{back}")


def _two(
    chair: str | None, secretary: str | None, passwords: tuple[str | None, str | None], *, override: bool
) -> tuple[int | None, int | None]:
    if (chair is None) != (secretary is None) or (chair is None) is not override:
        raise click.ClickException("Cần cả --chair và --secretary, hoặc chỉ --override.")
    if chair is None or secretary is None:
        return None, None
    return (
        checked(chair, "CHAIR_PASSWORD", "trưởng ban", "replace", passwords[0], pin_too=True),
        checked(secretary, "SECRETARY_PASSWORD", "thư ký", "replace", passwords[1]),
    )


def seat_of(contest: Contest, letter: str) -> int:
    """Who sits under this letter now."""
    found = db.session.scalar(select(Judge.id).where(Judge.contest_id == contest.id, Judge.letter == letter))
    if found is None:
        raise click.ClickException(f"Phần thi không có ghế «{letter}».")
    return found


@judging_cli.command("replace")
@click.argument("contest")
@click.argument("letter")
@click.argument("login")
@FESTIVAL
@REASON
@CHAIR
@SECRETARY
@CHAIR_PASSWORD
@SECRETARY_PASSWORD
@OVERRIDE
def replace(
    contest: str,
    letter: str,
    login: str,
    festival: str | None,
    reason: str,
    chair: str | None,
    secretary: str | None,
    chair_password: str | None,
    secretary_password: str | None,
    override: bool,
) -> None:
    """Thay giám khảo ở ghế LETTER bằng tài khoản LOGIN: phiếu đã chấm vẫn giữ, người thay chấm tiếp."""
    two = _two(chair, secretary, (chair_password, secretary_password), override=override)
    with transaction():
        row = contest_named(festival, contest)
        outcome = deciding.put_in(seat_of(row, letter), account_named(login), reason, *two)
    if isinstance(outcome, NotTheirs):
        raise click.ClickException(outcome.said)
    click.echo(f"Ghế {outcome.letter}: {login}. Mang theo {outcome.brought} phiếu dự bị, không nhận {outcome.left}.")


@judging_cli.command("replace-back")
@click.argument("contest")
@click.argument("letter")
@FESTIVAL
@REASON
@CHAIR
@SECRETARY
@CHAIR_PASSWORD
@SECRETARY_PASSWORD
@OVERRIDE
def replace_back(
    contest: str,
    letter: str,
    festival: str | None,
    reason: str,
    chair: str | None,
    secretary: str | None,
    chair_password: str | None,
    secretary_password: str | None,
    override: bool,
) -> None:
    """Trả lại ghế LETTER cho người vừa được thay, khi người thay chưa chấm phiếu nào được tính."""
    two = _two(chair, secretary, (chair_password, secretary_password), override=override)
    with transaction():
        row = contest_named(festival, contest)
        sits = seat_of(row, letter)
        out = db.session.scalar(
            select(SeatReplacement.out_id)
            .where(SeatReplacement.in_id == sits, SeatReplacement.taken_back_at.is_(None))
            .order_by(SeatReplacement.id.desc())
            .limit(1)
        )
        if out is None:
            raise click.ClickException(f"Ghế {letter} chưa thay người.")
        outcome = deciding.put_back(out, reason, *two)
    if isinstance(outcome, NotTheirs):
        raise click.ClickException(outcome.said)
    click.echo(f"Ghế {letter} về người cũ.")


@judging_cli.command("seat")
@click.argument("contest")
@click.argument("login")
@FESTIVAL
@click.option(
    "--as",
    "duty",
    type=click.Choice([each.value for each in PRESENT_SEATS]),
    default="reserve",
    show_default=True,
    help="Nhiệm vụ.",
)
@click.option("--stand-down", is_flag=True, help="Thôi dự bị.")
def seat(contest: str, login: str, festival: str | None, duty: str, stand_down: bool) -> None:
    """Xếp một người vào ban giám khảo, mặc định là dự bị; hoặc cho thôi dự bị."""
    with transaction():
        row, user_id = contest_named(festival, contest), account_named(login)
        if stand_down:
            held = db.session.scalar(
                select(Judge.id).where(
                    Judge.contest_id == row.id, Judge.user_id == user_id, Judge.seat == PanelSeat.RESERVE
                )
            )
            if held is None:
                raise click.ClickException(f"{login} không dự bị ở {row.name}.")
            actions.unseat(held)
            said = f"{login} thôi dự bị."
        else:
            given = actions.seat(row.id, user_id, PanelSeat(duty))
            said = f"{login}\t{duty}\t{given.letter or '-'}"
    click.echo(said)


@judging_cli.command("recuse")
@click.argument("contest")
@click.argument("letter")
@click.argument("entry")
@FESTIVAL
@click.option(
    "--state",
    type=click.Choice([each.value for each in away.AWAY]),
    default="recused",
    show_default=True,
    help="Vì sao không chấm.",
)
@click.option("--reason", default="", help="Lý do bằng lời.")
@click.option("--by", required=True, help="Tên đăng nhập của người ghi.")
@click.option("--undo", is_flag=True, help="Bỏ lời đã ghi.")
def recuse(
    contest: str, letter: str, entry: str, festival: str | None, state: str, reason: str, by: str, undo: bool
) -> None:
    """Ghi rằng giám khảo ở ghế LETTER đến muộn, vắng hoặc có liên quan nên không chấm tiết mục ENTRY; hoặc bỏ lời ghi."""
    with transaction():
        row, by_id = contest_named(festival, contest), account_named(by)
        if undo:
            away.undo_away(row, letter, entry, by_id)
        else:
            away.note_away(row, letter, entry, state, reason, by_id)
    click.echo(f"{letter} {entry}: {'đã bỏ lời ghi' if undo else state}")
