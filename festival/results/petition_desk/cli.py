"""`flask results petitions`: petitions without a browser."""

from __future__ import annotations

import click

from festival.accounts.commands import acting_account
from festival.core.transaction import reading, transaction
from festival.core.web.i18n import say
from festival.editions.commands import FESTIVAL, festival_named
from festival.results.cli import BY, checked, results_cli
from festival.results.ladder.lock import WrongPeople
from festival.results.petition_desk.answering import answer
from festival.results.petition_desk.lodging import Lodged, lodge
from festival.results.petition_desk.shown import listed
from festival.results.petition_desk.subjects import typed_subject
from festival.results.petitions.kinds import ANSWERS, PetitionDeed, PetitionTitle
from festival.results.petitions.models import Petition
from festival.results.petitions.reading import petition_by_number, petitions_where
from festival.roster.delegations import delegation_by_code


@results_cli.group("petitions")
def petitions() -> None:
    """Kiến nghị của các đoàn: danh sách, ghi đơn trên giấy, trả lời."""


@petitions.command("list")
@FESTIVAL
def list_(festival: str | None) -> None:
    """Mỗi dòng một kiến nghị: số, đoàn, về việc gì, đến đâu. Không có nội dung."""
    with reading():
        rows = listed(petitions_where(Petition.festival_id == festival_named(festival).id))
        for one in reversed(rows):
            late = ", quá hạn xem xét của ban giám khảo" if one.row.late else ""
            click.echo(f"{one.row.number}: {one.row.delegation.name}, {one.about}: {say(one.state)}{late}")


@petitions.command("lodge")
@click.argument("delegation")
@click.option("--about", required=True, metavar="ABOUT", help="contest:MÃ, entry:MÃ, whole hoặc organisation.")
@click.option("--by-head", "lodged_by", required=True, help="Họ tên trưởng đoàn ký đơn.")
@click.option("--words", required=True, help="Nội dung, chép đúng lời trên giấy.")
@click.option("--complaint", is_flag=True, help="Tờ giấy ghi «Đơn khiếu nại».")
@BY
def lodge_(delegation: str, about: str, lodged_by: str, words: str, complaint: bool, by: str | None) -> None:
    """Ghi đơn nộp trên giấy của đoàn có mã DELEGATION; --by là người ghi."""
    title = PetitionTitle.COMPLAINT if complaint else PetitionTitle.PETITION
    with transaction():
        taken_by = acting_account(by)
        if taken_by is None:
            raise click.ClickException("Cần --by: ai nhận đơn này.")
        own = delegation_by_code(delegation)
        row = lodge(own, Lodged(typed_subject(own, about), title, words, lodged_by), taken_by)
        click.echo(f"Đã nhận, số {row.number}.")


@petitions.command("answer")
@click.argument("number", type=int)
@click.option("--what", type=click.Choice([each.value for each in ANSWERS]), required=True, help="Trả lời thế nào.")
@click.option("--words", required=True, help="Lý do; trưởng đoàn đọc lời này.")
@click.option("--told", is_flag=True, help="Lời này không nói điểm, hạng, giải: đoàn đọc được ngay.")
@click.option("--chair", help="Tên đăng nhập của trưởng ban giám khảo; hỏi mật khẩu (hoặc CHAIR_PASSWORD).")
@click.option("--secretary", help="Tên đăng nhập của thư ký; hỏi mật khẩu (hoặc SECRETARY_PASSWORD).")
@click.option("--organiser", help="Tên đăng nhập của Ban Tổ chức; hỏi mật khẩu (hoặc ORGANISER_PASSWORD).")
@FESTIVAL
def answer_(
    number: int,
    what: str,
    words: str,
    told: bool,
    chair: str | None,
    secretary: str | None,
    organiser: str | None,
    festival: str | None,
) -> None:
    """Trả lời: về phần thi cần --chair và --secretary, việc khác cần --organiser."""
    if bool(organiser) is bool(chair and secretary):
        raise click.ClickException("Cần --organiser, hoặc cả --chair và --secretary.")
    second = None
    if organiser:
        first = checked(organiser, "ORGANISER_PASSWORD", "Ban Tổ chức", "petition")
    else:
        first = checked(chair or "", "CHAIR_PASSWORD", "trưởng ban", "petition", pin_too=True)
        second = checked(secretary or "", "SECRETARY_PASSWORD", "thư ký", "petition")
    with transaction():
        row = petition_by_number(festival_named(festival).id, number)
        outcome = answer(row.id, PetitionDeed(what), words, first, second, told=told)
    if isinstance(outcome, WrongPeople):
        raise click.ClickException(outcome.said)
    click.echo(f"Đã trả lời kiến nghị số {number}.")
