"""Slips of paper without a browser: type one, decide between two typings."""

from __future__ import annotations

import click
from flask_babel import gettext as _
from sqlalchemy import select

from festival.accounts.models import User
from festival.contests.commands import contest_named
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.commands import FESTIVAL
from festival.judging.commands import judging_cli
from festival.judging.paper.of_seat import slip_of_seat
from festival.judging.paper.resolving import TYPED, decide_slip, question_of
from festival.judging.paper.slip_forms import TOTAL, read_slip
from festival.judging.paper.slips import Slip, SlipReading, TypingHeld, TypingsAgree, type_slip, waiting_typings
from festival.judging.tally import Tally, read_tally

BY = click.option("--by", required=True, help="Tên đăng nhập của người làm.")


def account(login: str) -> int:
    """The account of a login; a shell is trusted to say whose hands typed."""
    found = db.session.scalar(select(User.id).where(User.login == login, User.active))
    if found is None:
        raise click.ClickException(f"Không có tài khoản «{login}».")
    return found


def read_typed(tallied: Tally, marks: tuple[str, ...], total: str, note: str) -> SlipReading:
    """`tieu-chi=điểm` for each criterion, and the total of the slip."""
    typed = {code: value for code, _equal, value in (each.partition("=") for each in marks)}
    if strangers := set(typed) - {each.code for each in tallied.criteria}:
        raise click.ClickException(f"Phần thi không có tiêu chí «{', '.join(sorted(strangers))}».")
    slip = read_slip(tallied, typed | {TOTAL: total}, note)
    if slip.reading is None:
        raise click.ClickException("\n".join(f"{where}: {said}" for where, said in slip.errors.items()))
    return slip.reading


def slip_named(tallied: Tally, judge: str, entry: str) -> Slip:
    """The slip that a command names: the judge by letter, the entry by code."""
    seat = next((each for each in tallied.seats if each.letter == judge), None)
    appearance = next((each for each in tallied.appearances if each.code == entry), None)
    if seat is None or appearance is None:
        raise click.ClickException(f"Phần thi không có phiếu «{judge}/{entry}».")
    return slip_of_seat(tallied, seat, appearance)


@judging_cli.command("type")
@click.argument("contest")
@click.argument("judge")
@click.argument("entry")
@click.argument("marks", nargs=-1, required=True)
@FESTIVAL
@BY
@click.option("--total", required=True, help="Tổng ghi trên phiếu.")
@click.option("--note", default="", help="Ghi chú.")
@click.option("--again", is_flag=True, help="Sửa lượt gõ của chính mình đang chờ.")
def type_(
    contest: str, judge: str, entry: str, marks: tuple[str, ...], festival: str | None,
    by: str, total: str, note: str, again: bool,
) -> None:  # fmt: skip
    """Gõ một phiếu giấy; phiếu chỉ được ghi khi người thứ hai gõ giống. MARKS là tieu-chi=điểm."""
    with reading():
        tallied = read_tally(contest_named(festival, contest))
        slip, who = slip_named(tallied, judge, entry), account(by)
        own = next((each.id for each in waiting_typings(slip) if each.typed_by == who), None) if again else None
    read = read_typed(tallied, marks, total, note)
    with transaction():
        outcome = type_slip(slip, read, who, own)
    match outcome:
        case TypingHeld():
            click.echo(f"{judge}/{entry}: đã giữ, chờ người thứ hai.")
        case TypingsAgree():
            click.echo(f"{judge}/{entry}: hai lượt giống nhau, đã ghi phiếu.")
        case _:
            click.echo(f"{judge}/{entry}: không giống nhau, chờ quyết định (flask judging resolve).")


@judging_cli.command("resolve")
@click.argument("contest")
@click.argument("judge")
@click.argument("entry")
@click.argument("marks", nargs=-1)
@FESTIVAL
@BY
@click.option(
    "--keep", type=click.Choice(["first", "second", "sheet", TYPED]), required=True, help="Điểm nào đúng với giấy."
)
@click.option("--total", default="", help="Tổng ghi trên phiếu, khi gõ lại.")
@click.option("--reason", required=True, help="Lý do.")
def resolve(
    contest: str, judge: str, entry: str, marks: tuple[str, ...], festival: str | None,
    by: str, keep: str, total: str, reason: str,
) -> None:  # fmt: skip
    """Quyết định phiếu giấy ghi gì khi các lượt gõ không giống nhau; người đã gõ không quyết định."""
    with reading():
        tallied = read_tally(contest_named(festival, contest))
        slip, who = slip_named(tallied, judge, entry), account(by)
        asked = question_of(slip)
    if asked is None:
        raise click.ClickException(str(_("Phiếu này không chờ ai quyết định.")))
    read = read_typed(tallied, marks, total, reason) if keep == TYPED else None
    with transaction():
        decide_slip(slip, keep, read, reason, asked.seen, who)
    click.echo(f"{judge}/{entry}: đã ghi quyết định.")
