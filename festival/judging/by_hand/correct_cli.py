"""`flask judging correct`: the secretary corrects a sheet that its judge has sent, with a reason, after it was read back."""

from __future__ import annotations

import uuid

import click
from sqlalchemy import select

from festival.accounts.commands import acting_account
from festival.contests.commands import contest_named
from festival.contests.marks import written
from festival.contests.models import Contest, ContestState, Judge, PanelSeat
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.commands import FESTIVAL
from festival.judging.by_hand.correcting_form import old_and_new, read_correction
from festival.judging.commands import YES, judging_cli
from festival.judging.sheet_messages import SheetMessage, SheetRefused
from festival.judging.taking_sheets import take_sheets
from festival.judging.tally import read_tally
from festival.judging.words import REFUSED_WORDS


def _secretary(contest: Contest, login: str) -> int:
    user_id = acting_account(login)
    seat = select(Judge.id).where(
        Judge.contest_id == contest.id, Judge.user_id == user_id, Judge.seat == PanelSeat.SECRETARY
    )
    if user_id is None or db.session.scalar(seat) is None:
        raise click.ClickException(f"«{login}» không phải thư ký của phần thi này.")
    return user_id


@judging_cli.command("correct")
@click.argument("contest")
@click.argument("entry")
@click.argument("judge")
@click.argument("marks", nargs=-1, required=True)
@click.option("--reason", required=True, help="Vì sao sửa; giám khảo thấy lý do này.")
@click.option("--by", "by_login", required=True, help="Tên đăng nhập của thư ký phần thi.")
@FESTIVAL
@YES
def correct(
    contest: str,
    entry: str,
    judge: str,
    marks: tuple[str, ...],
    reason: str,
    by_login: str,
    festival: str | None,
    yes: bool,
) -> None:
    """Sửa phiếu đã gửi của giám khảo JUDGE (chữ cái) cho tiết mục ENTRY.

    MARKS là TIÊU_CHÍ=ĐIỂM, ví dụ noi-dung=13,5; tiêu chí không ghi giữ điểm cũ. Đọc lại điểm cũ, điểm mới và hỏi trước khi ghi.
    """
    with reading():
        row = contest_named(festival, contest)
        by = _secretary(row, by_login)
        tallied = read_tally(row)
        seat = next((each for each in tallied.seats if each.letter == judge), None)
        appearance = next((each for each in tallied.appearances if each.code == entry), None)
        sheet = tallied.sheets.get((seat.id, appearance.id)) if seat and appearance else None
        if seat is None or appearance is None or sheet is None:
            raise click.ClickException(f"Chưa có phiếu của giám khảo {judge} cho «{entry}».")
        if row.state is not ContestState.OPEN:
            raise click.ClickException(str(REFUSED_WORDS["locked"]))
        typed = {code: written(milli) for code, milli in sheet.marks.items()}
        for each in marks:
            code, _equals, mark = each.partition("=")
            if code not in {criterion.code for criterion in tallied.criteria}:
                raise click.ClickException(f"Không có tiêu chí «{code}».")
            typed[code] = mark
        read = read_correction(tallied.criteria, typed, reason)
        if read.wrong:
            raise click.ClickException("; ".join(f"{name}: {why}" for name, why in read.wrong.items()))
        for line in old_and_new(tallied.criteria, sheet, read.marks):
            click.echo(f"{line.name}: {line.old} → {line.new}" if line.differs else f"{line.name}: {line.old}")
    if not yes:
        click.confirm("Đúng. Ghi bản sửa?", abort=True)
    message = SheetMessage(
        mid=f"correct-{uuid.uuid4().hex}",
        user_id=seat.user_id,
        entry_code=entry,
        round=1,
        verb="send",
        body={"marks": dict(read.marks), "note": read.reason},
        base_version=sheet.version,
        received_at=now(),
        typed_by=by,
        correction=True,
    )
    with transaction():
        (outcome,) = take_sheets([message])
    if isinstance(outcome, SheetRefused):
        raise click.ClickException(str(REFUSED_WORDS.get(outcome.reason, outcome.reason)))
    click.echo(f"Đã sửa phiếu của giám khảo {judge} cho {entry}.")
