"""`flask results print`, `amend` and `delegations-…`: papers and their corrections without a browser."""

from __future__ import annotations

from pathlib import Path

import click

from festival.accounts.commands import acting_account
from festival.contests.commands import contest_named
from festival.core.database import db
from festival.core.security_log import SecurityKind, note_read
from festival.core.transaction import transaction
from festival.editions.commands import FESTIVAL, festival_named
from festival.papers.models import SignedPaper
from festival.results.amending import Amended, NewNames, amend, amend_whole
from festival.results.cli import BY, checked, results_cli
from festival.results.delegations import deciding
from festival.results.export import cli as export_cli
from festival.results.ladder import sign as ladder_sign
from festival.results.ladder.lock import WrongPeople
from festival.results.release import cli as release_cli  # their commands belong to the same group

__all__ = ["export_cli", "release_cli"]

NUMBER = click.option("--number", default="", help="Số của biên bản; bỏ trống thì để chỗ ghi tay.")
OUT = click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Tệp HTML để in.")
AMENDMENT = click.option("--number", required=True, help="Số của biên bản đính chính.")
REASON = click.option("--reason", required=True, help="Lý do đính chính.")
NAMES = click.option("--name", "names", multiple=True, metavar="CODE=NAME", help="Tên đúng; dùng nhiều lần.")
UNITS = click.option("--unit", "units", multiple=True, metavar="CODE=NAME", help="Tên đoàn đúng; dùng nhiều lần.")
CHAIR = click.option("--chair", help="Tên đăng nhập của trưởng ban giám khảo; hỏi mật khẩu (hoặc CHAIR_PASSWORD).")
SECRETARY = click.option("--secretary", help="Tên đăng nhập của thư ký; hỏi mật khẩu (hoặc SECRETARY_PASSWORD).")
OVERRIDE = click.option("--override", is_flag=True, help="Không có hai người; lý do được ghi vào sổ.")


def _written(paper: SignedPaper, out: Path) -> None:
    out.write_bytes(paper.content)
    click.echo(f"Mã tờ giấy {paper.drawn[:16]}, SHA-256 {paper.sha256}: {out}")


@results_cli.command("print")
@click.argument("contest")
@NUMBER
@OUT
@FESTIVAL
@BY
def print_(contest: str, number: str, out: Path, festival: str | None, by: str | None) -> None:
    """In biên bản để ký ra tệp, và giữ lại đúng tờ đó; sau khi ký thì ghi ra tờ đang có hiệu lực."""
    with transaction():
        row = contest_named(festival, contest)
        if row.state.value in ("open", "locked"):
            paper_id = ladder_sign.print_minutes(row.id, number, acting_account(by))
        else:
            paper_id = ladder_sign.keep_paper(row.id).id
        paper = db.session.get_one(SignedPaper, paper_id)
    note_read(SecurityKind.EXPORT, {"what": "paper", "contest": contest})
    _written(paper, out)


@results_cli.command("delegations-print")
@NUMBER
@OUT
@FESTIVAL
@BY
def delegations_print(number: str, out: Path, festival: str | None, by: str | None) -> None:
    """In biên bản toàn đoàn để ký ra tệp, và giữ lại đúng tờ đó; sau khi ký thì ghi ra tờ đang có hiệu lực."""
    with transaction():
        row = festival_named(festival)
        if deciding.is_signed(row.id):
            paper_id = deciding.keep_whole_paper(row.id).id
        else:
            paper_id = deciding.print_whole(row.id, number, acting_account(by))
        paper = db.session.get_one(SignedPaper, paper_id)
    note_read(SecurityKind.EXPORT, {"what": "paper"})
    _written(paper, out)


def _people(chair: str | None, secretary: str | None, override: bool) -> tuple[int | None, int | None]:
    if (chair is None) != (secretary is None) or (chair is None) is not override:
        raise click.ClickException("Cần cả --chair và --secretary, hoặc chỉ --override.")
    if chair is None or secretary is None:
        return None, None
    return (
        checked(chair, "CHAIR_PASSWORD", "trưởng ban", "amend", pin_too=True),
        checked(secretary, "SECRETARY_PASSWORD", "thư ký", "amend"),
    )


def _new(names: tuple[str, ...], units: tuple[str, ...]) -> dict[str, NewNames]:
    stated = [dict(each.split("=", 1) for each in pairs if "=" in each) for pairs in (names, units)]
    if sum(map(len, stated)) != len(names) + len(units):
        raise click.ClickException("Ghi mỗi tên dạng MÃ=Tên đúng, mỗi mã một lần.")
    return {code: NewNames(stated[0].get(code), stated[1].get(code)) for code in {**stated[0], **stated[1]}}


def _said(outcome: Amended | WrongPeople, number: str) -> None:
    if isinstance(outcome, WrongPeople):
        raise click.ClickException(outcome.said)
    click.echo(f"Đã đính chính, biên bản số {number}. In ra bằng lệnh flask results print hoặc delegations-print.")


@results_cli.command("amend")
@click.argument("contest")
@NAMES
@UNITS
@AMENDMENT
@REASON
@CHAIR
@SECRETARY
@OVERRIDE
@FESTIVAL
def amend_(
    contest: str,
    names: tuple[str, ...],
    units: tuple[str, ...],
    number: str,
    reason: str,
    chair: str | None,
    secretary: str | None,
    override: bool,
    festival: str | None,
) -> None:
    """Đính chính tên trên biên bản đã ký bằng một biên bản mới; CODE là mã tiết mục đoạt giải."""
    pair, new = _people(chair, secretary, override), _new(names, units)
    with transaction():
        outcome = amend(contest_named(festival, contest).id, new, number, reason, *pair)
    _said(outcome, number)


@results_cli.command("delegations-amend")
@NAMES
@AMENDMENT
@REASON
@CHAIR
@SECRETARY
@OVERRIDE
@FESTIVAL
def delegations_amend(
    names: tuple[str, ...],
    number: str,
    reason: str,
    chair: str | None,
    secretary: str | None,
    override: bool,
    festival: str | None,
) -> None:
    """Đính chính tên đoàn trên biên bản toàn đoàn đã ký; CODE là mã đoàn."""
    pair, new = _people(chair, secretary, override), _new(names, ())
    with transaction():
        outcome = amend_whole(festival_named(festival).id, new, number, reason, *pair)
    _said(outcome, number)
