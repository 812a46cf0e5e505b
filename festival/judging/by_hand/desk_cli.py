"""The desk of slips without a browser: who marks on paper, a typing taken back, photos beside the slips."""

from __future__ import annotations

import json
from pathlib import Path

import click
from sqlalchemy import select

from festival.contests.commands import contest_named
from festival.contests.models import Contest, Judge
from festival.core.database import db
from festival.core.looks import reading_secrets
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.editions.commands import FESTIVAL
from festival.judging.by_hand.photo_cli import photo_options, photo_step
from festival.judging.commands import judging_cli
from festival.judging.paper.paper_cli import BY, account, slip_named
from festival.judging.paper.photos import keep_photo, photos_of
from festival.judging.paper.seats import paper_seats, set_paper_seats
from festival.judging.paper.slips import take_back_typing, waiting_typings
from festival.judging.tally import read_tally


def _letters(contest: Contest, *, on_paper: bool) -> list[str]:
    marking = db.session.scalars(select(Judge).where(Judge.contest_id == contest.id, Judge.marks)).all()
    seats = paper_seats([contest.id])
    return sorted(judge.letter or "" for judge in marking if not on_paper or judge.id in seats)


@judging_cli.command("paper")
@click.argument("contest")
@click.argument("letters", nargs=-1)
@FESTIVAL
@click.option("--all", "everybody", is_flag=True, help="Cả ban chấm trên giấy.")
@click.option("--none", "nobody", is_flag=True, help="Cả ban chấm trên máy.")
@click.option("--by", default="", help="Tên đăng nhập của người đổi.")
def paper(contest: str, letters: tuple[str, ...], festival: str | None, everybody: bool, nobody: bool, by: str) -> None:
    """Ai chấm trên giấy: LETTERS là chữ của những giám khảo ấy; không ghi gì thì chỉ in ra."""
    if sum((bool(letters), everybody, nobody)) > 1:
        raise click.ClickException("Chỉ ghi một trong: các chữ, --all, --none.")
    if letters or everybody or nobody:
        if not by:
            raise click.ClickException("Cần --by: ai đổi.")
        with transaction():
            row = contest_named(festival, contest)
            set_paper_seats(row.id, _letters(row, on_paper=False) if everybody else letters, account(by))
    with reading():
        found = _letters(contest_named(festival, contest), on_paper=True)
    click.echo(f"{contest}: {', '.join(found) or 'không ai'} chấm trên giấy.")


@judging_cli.command("type-back")
@click.argument("contest")
@click.argument("judge")
@click.argument("entry")
@FESTIVAL
@BY
def type_back(contest: str, judge: str, entry: str, festival: str | None, by: str) -> None:
    """Bỏ lượt gõ phiếu giấy của chính mình đang chờ."""
    with transaction():
        slip, who = slip_named(read_tally(contest_named(festival, contest)), judge, entry), account(by)
        own = next((each.id for each in waiting_typings(slip) if each.typed_by == who), None)
        if own is None:
            raise click.ClickException(f"{by} không có lượt gõ nào đang chờ ở phiếu {judge}/{entry}.")
        take_back_typing(slip, own, who)
    click.echo(f"{judge}/{entry}: đã bỏ lượt gõ của {by}.")


@judging_cli.command("photo")
@click.argument("contest")
@click.argument("judge")
@click.argument("entry")
@photo_options
@FESTIVAL
@BY
def photo(
    contest: str, judge: str, entry: str, file: Path | None, festival: str | None, by: str, drop: int | None, back: int | None
) -> None:  # fmt: skip
    """Giữ ảnh FILE bên một phiếu giấy, bỏ ra, lấy lại; không ghi gì thì in các ảnh của phiếu."""
    step = photo_step(file, drop, back)
    with reading():
        who = account(by)
    if step.asked:
        with transaction():
            row = contest_named(festival, contest)
            slip = slip_named(read_tally(row), judge, entry)
            step.take(
                row,
                _photos(row, slip.judge_id, slip.entry_id),
                f"Phiếu {judge}/{entry}",
                lambda content: keep_photo(row, slip.judge_id, content, who, entry=slip.entry_id),
            )
    with reading_secrets(SecurityKind.READ_MARKS, contest=contest):
        row = contest_named(festival, contest)
        slip = slip_named(read_tally(row), judge, entry)
        found = [each for each in photos_of(row.id) if (each.judge_id, each.entry_id) == (slip.judge_id, slip.entry_id)]
    click.echo(json.dumps([{"number": each.id, "standing": each.standing} for each in found]))


def _photos(contest: Contest, judge_id: int, entry_id: int) -> set[int]:
    own = (judge_id, entry_id)
    return {each.id for each in photos_of(contest.id) if (each.judge_id, each.entry_id) == own}
