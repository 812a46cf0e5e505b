"""Who goes on into a final, without a browser: look, take, bring up to date, give back, announce."""

from __future__ import annotations

from collections.abc import Callable

import click
from flask.cli import AppGroup

from festival.accounts.commands import acting_account
from festival.contests.commands import contest_named
from festival.contests.models import Contest
from festival.core.looks import reading_secrets
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.editions.commands import FESTIVAL
from festival.results.cli import BY, results_cli
from festival.results.cut import announcing, taking
from festival.results.cut.taking import cut_of
from festival.results.ladder.at_cut import final_of, names_of
from festival.results.rounds.choosing import EqualAtCut

cut_cli = AppGroup("cut", help="Ai vào vòng sau: xem, lấy, cập nhật, trả lại, báo.")
results_cli.add_command(cut_cli)
REASON = click.option("--reason", required=True, help="Lý do; được ghi vào sổ.")


def _final(contest: str, festival: str | None) -> Contest:
    final = final_of(contest_named(festival, contest))
    if final is None:
        raise click.ClickException(f"Không có vòng nào lấy lượt thi từ phần thi {contest}.")
    return final


def _step(contest: str, festival: str | None, by: str | None, act: Callable[[int, int | None], object]) -> object:
    with transaction():
        return act(_final(contest, festival).id, acting_account(by))


@cut_cli.command("show")
@click.argument("contest")
@FESTIVAL
def show(contest: str, festival: str | None) -> None:
    """Ai vào vòng sau theo kết quả bây giờ, ai đã được lấy. CONTEST là vòng trước."""
    with reading_secrets(SecurityKind.READ_MARKS, contest=contest):
        before = contest_named(festival, contest)
        found = cut_of(before, _final(contest, festival))
        if isinstance(found.wanted, EqualAtCut):
            raise click.ClickException(f"Đồng hạng ở ranh giới: {names_of(found.table, found.wanted.entries)}.")
        for each in found.wanted.lines:
            mark = "" if found.taken is None else "  đã lấy" if each.entry in found.taken else "  chưa lấy"
            click.echo(f"{each.place}  {each.entry}  {found.table.appearances[each.entry].name}{mark}")
        for code in found.leaving:
            click.echo(f"–  {code}  {found.table.appearances[code].name}  ra khỏi vòng sau")


@cut_cli.command("take")
@click.argument("contest")
@FESTIVAL
@BY
def take(contest: str, festival: str | None, by: str | None) -> None:
    """Lấy những lượt thi đứng đầu CONTEST vào vòng sau; biên bản đã ký."""
    click.echo(f"{contest}: {_step(contest, festival, by, taking.take)} lượt thi vào vòng sau.")


@cut_cli.command("renew")
@click.argument("contest")
@FESTIVAL
@BY
def renew(contest: str, festival: str | None, by: str | None) -> None:
    """Cập nhật danh sách sau khi có người rút hoặc có biên bản đính chính."""
    _step(contest, festival, by, taking.renew)
    click.echo(f"{contest}: danh sách vào vòng sau đã cập nhật.")


@cut_cli.command("take-back")
@click.argument("contest")
@FESTIVAL
@REASON
@BY
def take_back(contest: str, festival: str | None, reason: str, by: str | None) -> None:
    """Trả lại danh sách, trước phiếu đầu tiên của vòng sau."""
    _step(contest, festival, by, lambda final, who: taking.take_back(final, reason, who))
    click.echo(f"{contest}: đã trả lại danh sách.")


@cut_cli.command("announce")
@click.argument("contest")
@FESTIVAL
@BY
def announce(contest: str, festival: str | None, by: str | None) -> None:
    """Báo ai vào vòng sau: tên theo số báo danh, không có hạng, không có điểm."""
    _step(contest, festival, by, announcing.announce)
    click.echo(f"{contest}: đã báo ai vào vòng sau.")


@cut_cli.command("unannounce")
@click.argument("contest")
@FESTIVAL
@REASON
@BY
def unannounce(contest: str, festival: str | None, reason: str, by: str | None) -> None:
    """Rút lời báo."""
    _step(contest, festival, by, lambda final, who: announcing.withdraw_announcement(final, reason, who))
    click.echo(f"{contest}: đã rút lời báo.")
