"""`flask judging call | comments | pin-reset`: what the chair and the secretary do beside the sheets, without their pages."""

from __future__ import annotations

import os

import click

from festival.accounts.commands import acting_account
from festival.accounts.proof import Proven, prove
from festival.contests.commands import contest_named
from festival.contests.models import Contest, Judge, PanelSeat
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Refusal
from festival.editions.commands import FESTIVAL
from festival.judging.by_hand.pin_resetting import judge_of, reset_pin
from festival.judging.calls.calling import call_seat
from festival.judging.commands import judging_cli
from festival.judging.comments.holding import free, hold_back
from festival.judging.comments.reading import comments_of
from festival.judging.tally import read_tally


def _sits(contest: Contest, user_id: int | None, seat: PanelSeat) -> bool:
    return db.session.query(Judge.id).filter_by(contest_id=contest.id, user_id=user_id, seat=seat).first() is not None


@judging_cli.command("comments")
@click.argument("contest")
@click.option("--by", "by_login", required=True, help="Tên đăng nhập của trưởng ban giám khảo.")
@click.option("--hold", type=int, help="Số của lời nhận xét cần giữ lại.")
@click.option("--reason", default="", help="Vì sao giữ lại.")
@click.option("--free", "free_", type=int, help="Số của lời nhận xét cho gửi lại.")
@FESTIVAL
def comments(
    contest: str, by_login: str, hold: int | None, reason: str, free_: int | None, festival: str | None
) -> None:
    """In lời nhận xét gửi gia đình sau khi khóa điểm; giữ lại một lời, hoặc cho gửi lại."""
    try:
        with transaction():
            row = contest_named(festival, contest)
            by = acting_account(by_login)
            if not _sits(row, by, PanelSeat.CHAIR):
                raise click.ClickException(f"«{by_login}» không phải trưởng ban giám khảo của phần thi này.")
            known = {each.id: each for each in comments_of(row.id)}
            for chosen in (hold, free_):
                if chosen is not None and chosen not in known:
                    raise click.ClickException(f"Không có lời nhận xét số {chosen}.")
            if row.state == "open":
                raise click.ClickException("Xem lời nhận xét sau khi khóa điểm: giám khảo còn đang viết.")
            if hold is not None:
                hold_back(row.id, hold, known[hold].version, reason, by)
            if free_ is not None:
                free(row.id, free_, known[free_].version, by)
            found = comments_of(row.id)
    except Refusal as refused:
        raise click.ClickException(str(refused.message)) from refused
    for each in found:
        click.echo(f"{each.id}\t{each.letter}\t{each.name}\t{each.said}\t{each.held or '-'}")


@judging_cli.command("pin-reset")
@click.argument("contest")
@click.argument("judge")
@click.option("--reason", required=True, help="Vì sao đặt lại.")
@click.option("--secretary", required=True, help="Tên đăng nhập của thư ký phần thi.")
@click.option("--witness", required=True, help="Giám khảo ấy, trưởng ban giám khảo hoặc Ban Tổ chức.")
@FESTIVAL
def pin_reset(contest: str, judge: str, reason: str, secretary: str, witness: str, festival: str | None) -> None:
    """Giám khảo JUDGE (chữ cái) quên mã PIN: in mười số của thẻ niêm phong mới, một lần.

    Mật khẩu: hỏi, hoặc SECRETARY_PASSWORD, WITNESS_PASSWORD.
    """
    with reading():
        row = contest_named(festival, contest)
        found = judge_of(row.id, judge)
        by = acting_account(secretary)
        sits = _sits(row, by, PanelSeat.SECRETARY)
    if found is None:
        raise click.ClickException(f"Không có giám khảo {judge} trong phần thi này.")
    if not sits:
        raise click.ClickException(f"«{secretary}» không phải thư ký của phần thi này.")
    _believed(secretary, "SECRETARY_PASSWORD", pin_too=False)
    other = _believed(witness, "WITNESS_PASSWORD", pin_too=True)
    try:
        with transaction():
            done = reset_pin(row, found[0], reason, by, other)
    except Refusal as refused:
        raise click.ClickException(str(refused.message)) from refused
    click.echo(done.card.digits)
    click.echo(f"{found[1]}: {done.tablets} máy đang chờ thẻ này.", err=True)


def _believed(login: str, variable: str, *, pin_too: bool) -> int:
    typed = os.environ.get(variable) or click.prompt(f"Mật khẩu của {login}", hide_input=True)
    answer = prove(login, typed, pin_too=pin_too, step="pin_reset")
    if not isinstance(answer, Proven):
        raise click.ClickException(f"Mật khẩu của «{login}» chưa đúng.")
    return answer.account.user_id


@judging_cli.command("call")
@click.argument("contest")
@click.argument("judge")
@click.argument("entry")
@FESTIVAL
@click.option("--by", required=True, help="Tên đăng nhập của thư ký.")
def call(contest: str, judge: str, entry: str, festival: str | None, by: str) -> None:
    """Mời một giám khảo gửi phiếu: lời mời hiện trên máy của giám khảo ấy."""
    with transaction():
        name = call_seat(read_tally(contest_named(festival, contest)), judge, entry, acting_account(by))
    click.echo(f"đã mời {name} gửi phiếu {judge}/{entry}")
