"""The border check without a browser: begin, type a slip again, look, and confirm for a judge who has left."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import AppGroup

from festival.contests.commands import contest_named
from festival.contests.models import Contest, ContestState
from festival.core.looks import reading_secrets
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.editions.commands import FESTIVAL
from festival.judging.by_hand.photo_cli import photo_options, photo_step
from festival.judging.commands import judging_cli
from festival.judging.paper import border
from festival.judging.paper.confirming import confirmations, on_tablet, override_confirmation
from festival.judging.paper.paper_cli import account, read_typed
from festival.judging.paper.photos import KeptPhoto, keep_photo, photos_of
from festival.judging.paper.signing_pages import SigningPage, pages_to_sign
from festival.results.border.pages import begin, slip_named
from festival.results.current import tally_for_result

border_cli = AppGroup("border", help="Kiểm tra ranh giới: gõ lại phiếu giấy cạnh ranh giới giữa các giải.")
judging_cli.add_command(border_cli)
BY = click.option("--by", required=True, help="Tên đăng nhập của người làm.")


@border_cli.command("start")
@click.argument("contest")
@click.argument("dice")
@FESTIVAL
@BY
@click.option("--reason", default="", help="Vì sao bắt đầu lại.")
def start(contest: str, dice: str, festival: str | None, by: str, reason: str) -> None:
    """Rút phiếu cần gõ lại. DICE là các mặt xúc xắc theo thứ tự, ít nhất 10 số từ 1 đến 6."""
    with transaction():
        asked = begin(contest_named(festival, contest).id, dice, reason, account(by))
    click.echo(f"{contest}: {asked} phiếu cần gõ lại.")


@border_cli.command("type")
@click.argument("contest")
@click.argument("judge")
@click.argument("entry")
@click.argument("marks", nargs=-1, required=True)
@FESTIVAL
@BY
@click.option("--total", required=True, help="Tổng ghi trên phiếu.")
def type_again(
    contest: str, judge: str, entry: str, marks: tuple[str, ...], festival: str | None, by: str, total: str
) -> None:
    """Gõ lại một phiếu: JUDGE là chữ của giám khảo, MARKS là tieu-chi=điểm."""
    with reading():
        tallied = tally_for_result(contest_named(festival, contest))
        slip, who = slip_named(tallied, judge, entry), account(by)
    read = read_typed(tallied, marks, total, "")
    with transaction():
        same = border.type_border(slip, tallied.contest.id, read, who).same
    click.echo(f"{judge}/{entry}: {'khớp' if same else 'LỆCH'}")


@border_cli.command("show")
@click.argument("contest")
@FESTIVAL
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def show(contest: str, festival: str | None, as_json: bool) -> None:
    """Đã gõ lại đến đâu, phiếu nào lệch; không có điểm nào."""
    with reading_secrets(SecurityKind.READ_MARKS, contest=contest):
        tallied = tally_for_result(contest_named(festival, contest))
        state = border.check_of(tallied.contest.id)
        names = {each.pair: each.name for each in border.paper_slips(tallied)}
        known = confirmations(tallied.contest.id)
        judges = {seat.letter: seat.id in known for seat in on_tablet(tallied)}
    rows = []
    if state is not None:
        for pair, why in state.pairs.items():
            typed = state.typed.get(pair)
            said = "open" if typed is None else "same" if typed.same else "settled" if typed.settled else "differs"
            rows.append({"slip": names.get(pair, "?"), "why": why, "state": said})
    if as_json:
        seed = state.check.seed if state else None
        click.echo(json.dumps({"seed": seed, "slips": rows, "confirmed": judges}, ensure_ascii=False))
        return
    click.echo(f"{contest}: " + (f"lần {state.check.number}, xúc xắc {state.check.seed}" if state else "chưa bắt đầu"))
    for row in rows:
        click.echo(f"  {row['slip']} {row['why']}: {row['state']}")
    for letter, done in judges.items():
        click.echo(f"  giám khảo {letter}: {'đã xác nhận' if done else 'chưa xác nhận'}")


@border_cli.command("photo")
@click.argument("contest")
@click.argument("judge")
@photo_options
@FESTIVAL
@BY
@click.option("--page", type=int, help="Trang thứ mấy của giám khảo này; bỏ trống khi chỉ có một.")
def photo(
    contest: str, judge: str, file: Path | None, festival: str | None, by: str,
    page: int | None, drop: int | None, back: int | None,
) -> None:  # fmt: skip
    """Giữ ảnh FILE của trang giám khảo đã ký, bỏ ra, lấy lại; không ghi gì thì in các ảnh của giám khảo ấy."""
    step = photo_step(file, drop, back)
    with reading():
        who = account(by)
    if step.asked:
        with transaction():
            row = contest_named(festival, contest)
            pages = _pages(row, judge)

            def keep(content: bytes) -> None:
                signed = _page(pages, judge, page)
                keep_photo(row, signed.seat.id, content, who, page=signed.session_id)

            step.take(row, {each.id for each in _page_photos(row, pages)}, f"Giám khảo {judge}", keep)
    with reading_secrets(SecurityKind.READ_MARKS, contest=contest):
        row = contest_named(festival, contest)
        pages = _pages(row, judge)
        at_page = {each.session_id: at for at, each in enumerate(pages, start=1)}
        found = [
            {"number": each.id, "page": at_page[each.session_id], "standing": each.standing}
            for each in _page_photos(row, pages)
        ]
    click.echo(json.dumps(found))


def _pages(contest: Contest, judge: str) -> list[SigningPage]:
    """What this judge signs, session by session."""
    if contest.state is ContestState.OPEN:
        raise click.ClickException("Phần thi chưa khóa điểm.")
    found = [
        each
        for each in pages_to_sign(tally_for_result(contest))
        if each.seat.letter == judge and each.session_id is not None
    ]
    if not found:
        raise click.ClickException(f"Giám khảo «{judge}» không có trang nào để ký.")
    return found


def _page(pages: list[SigningPage], judge: str, number: int | None) -> SigningPage:
    if number is None and len(pages) > 1:
        raise click.ClickException(f"Giám khảo {judge} có {len(pages)} trang. Ghi --page từ 1 đến {len(pages)}.")
    if not 1 <= (number or 1) <= len(pages):
        raise click.ClickException(f"Không có trang {number}: giám khảo {judge} có {len(pages)} trang.")
    return pages[(number or 1) - 1]


def _page_photos(contest: Contest, pages: list[SigningPage]) -> list[KeptPhoto]:
    known = {(each.seat.id, each.session_id) for each in pages}
    return [each for each in photos_of(contest.id) if (each.judge_id, each.session_id) in known]


@border_cli.command("confirm")
@click.argument("contest")
@click.argument("judge")
@FESTIVAL
@click.option("--reason", required=True, help="Vì sao không chờ giám khảo này xác nhận trên máy.")
@BY
@click.option("--second", required=True, help="Tên đăng nhập của người thứ hai.")
def confirm(contest: str, judge: str, festival: str | None, reason: str, by: str, second: str) -> None:
    """Hai người ghi lý do không chờ một giám khảo xác nhận phiếu đã khóa."""
    with transaction():
        tallied = tally_for_result(border.hold_locked(contest_named(festival, contest).id))
        seat = next((each for each in tallied.seats if each.letter == judge), None)
        if seat is None:
            raise click.ClickException(f"Phần thi không có giám khảo «{judge}».")
        override_confirmation(tallied, seat.id, reason, account(by), account(second))
    click.echo(f"{contest}: không chờ giám khảo {judge}.")


@border_cli.command("settle")
@click.argument("contest")
@click.argument("judge")
@click.argument("entry")
@FESTIVAL
@BY
@click.option("--reason", default="", help="Vì sao phiếu giấy đúng như đã khóa.")
@click.option("--name", "names", multiple=True, help="Họ tên người quyết định; dùng nhiều lần.")
@click.option("--undo", is_flag=True, help="Bỏ quyết định đã ghi.")
def settle(
    contest: str, judge: str, entry: str, festival: str | None, by: str, reason: str, names: tuple[str, ...], undo: bool
) -> None:  # fmt: skip
    """Ban giám khảo quyết định một phiếu gõ lại bị lệch: giấy đúng như đã khóa; hoặc bỏ quyết định ấy."""
    if undo == bool(reason.strip()):
        raise click.ClickException("Ghi --reason, hoặc --undo để bỏ quyết định.")
    with transaction():
        tallied = tally_for_result(contest_named(festival, contest))
        state, slip = border.check_of(tallied.contest.id), slip_named(tallied, judge, entry)
        typing = state.typed.get(slip.pair) if state else None
        if typing is None:
            raise click.ClickException(f"Phiếu {judge}/{entry} chưa được gõ lại.")
        border.settle(tallied.contest.id, typing.id, "" if undo else reason, names, account(by))
    click.echo(f"{judge}/{entry}: {'đã bỏ quyết định' if undo else 'đã ghi quyết định'}")
