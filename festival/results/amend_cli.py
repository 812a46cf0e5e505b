"""`flask results print`, `amend` and `delegations-…`: papers and their corrections without a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from festival.accounts.commands import acting_account
from festival.contests.commands import contest_named
from festival.core.database import db
from festival.core.security_log import SecurityKind, note_read
from festival.core.transaction import reading
from festival.editions.commands import FESTIVAL, festival_named
from festival.judging.commands import YES
from festival.papers.ahead import with_papers
from festival.papers.keeping import PaperSubject
from festival.papers.models import SignedPaper
from festival.results.amending import Amended, NewNames, amend, amend_whole
from festival.results.amendments.storing import (
    Proposed,
    amend_standings,
    as_components_say,
    corrections_before,
    last_ordinal,
    proposed,
)
from festival.results.amendments.typed import rows_in_force, rows_of_options, typed_corrections
from festival.results.amendments.whole import amend_whole_standings
from festival.results.awarding import cli as awarding_cli
from festival.results.cli import BY, checked, results_cli
from festival.results.current import tally_for_result
from festival.results.cut import cli as cut_cli
from festival.results.delegations import deciding
from festival.results.export import cli as export_cli
from festival.results.ladder import sign as ladder_sign
from festival.results.ladder.lock import WrongPeople
from festival.results.lots import cli as lots_cli
from festival.results.petition_desk import cli as petition_cli
from festival.results.petitions.grounds import StatedGround, read_ground
from festival.results.publication import cli as publication_cli
from festival.results.release import cli as release_cli  # their commands belong to the same group
from festival.results.scans import cli as scan_cli

__all__ = [
    "awarding_cli",
    "cut_cli",
    "export_cli",
    "lots_cli",
    "petition_cli",
    "publication_cli",
    "release_cli",
    "scan_cli",
]

NUMBER = click.option("--number", default="", help="Số của biên bản; bỏ trống thì để chỗ ghi tay.")
OUT = click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Tệp PDF để in.")
AMENDMENT = click.option("--number", required=True, help="Số của biên bản đính chính.")
REASON = click.option("--reason", required=True, help="Lý do đính chính.")
GROUND = click.option(
    "--ground",
    default="other",
    show_default=True,
    metavar="GROUND",
    help="Căn cứ: unlock_refused, late_slip, other, hoặc petition-SỐ của một kiến nghị đã được chấp nhận.",
)
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

    def kept() -> SignedPaper:
        row = contest_named(festival, contest)
        if row.state.value in ("open", "locked"):
            return db.session.get_one(SignedPaper, ladder_sign.print_minutes(row.id, number, acting_account(by)))
        return ladder_sign.keep_paper(row.id)

    paper = with_papers(kept)
    note_read(SecurityKind.EXPORT, {"what": "paper", "contest": contest})
    _written(paper, out)


@results_cli.command("delegations-print")
@NUMBER
@OUT
@FESTIVAL
@BY
def delegations_print(number: str, out: Path, festival: str | None, by: str | None) -> None:
    """In biên bản toàn đoàn để ký ra tệp, và giữ lại đúng tờ đó; sau khi ký thì ghi ra tờ đang có hiệu lực."""

    def kept() -> SignedPaper:
        row = festival_named(festival)
        if deciding.is_signed(row.id):
            return deciding.keep_whole_paper(row.id)
        return db.session.get_one(SignedPaper, deciding.print_whole(row.id, number, acting_account(by)))

    paper = with_papers(kept)
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


def _standings(contest: str, festival: str | None, given: dict[str, tuple[str, ...]], take_back: bool) -> Proposed:
    """The amendment of standings as it would be, told old beside new; the rows in force stay unless they are named anew."""
    with reading():
        row = contest_named(festival, contest)
        tally = tally_for_result(row)
        subject = PaperSubject(row.festival_id, row.id)
        last = last_ordinal(subject)
        if take_back:
            if not last or any(given.values()):
                raise click.ClickException(
                    "--take-back: rút lại lần đính chính đang có hiệu lực, không kèm chỗ sửa nào."
                )
            corrections = corrections_before(row.id, last)
        else:
            held = rows_in_force(tally, corrections_before(row.id, last + 1))
            corrections = as_components_say(row, typed_corrections(rows_of_options(given).over(held), tally))
        said = proposed(row, corrections)
        names = {each.code: each.name for each in tally.appearances}
    for sentence in said.said:
        click.echo(str(sentence))
    for each in said.moved:
        was, now = (f"hạng {place or '–'}, {prize or 'không giải'}" for place, prize in (
            (each.place_before, each.prize_before), (each.place, each.prize)))  # fmt: skip
        click.echo(f"{names[each.entry]}: {was} -> {now}")
    return said


CORRECTED = [
    click.option("--mark", "mark", multiple=True, metavar="ENTRY/JUDGE/CRITERION=MARK", help="Điểm đúng; JUDGE là chữ của ghế."),
    click.option("--measure", "measure", multiple=True, metavar="ENTRY[/TRY]=VALUE", help="Kết quả đúng, hoặc valid, dns, dnf, dsq."),
    click.option("--overtime", "overtime", multiple=True, metavar="ENTRY=SECONDS", help="Số giây quá giờ đúng."),
    click.option("--place", "place", multiple=True, metavar="ENTRY=PLACE", help="Hạng ghi thẳng."),
    click.option("--prize", "prize", multiple=True, metavar="ENTRY=PRIZE", help="Giải ghi thẳng; - là không có giải."),
    click.option("--special", "special", multiple=True, metavar="PRIZE=ENTRY", help="Ai có giải chuyên đề này; - là không ai."),
]  # fmt: skip


def _corrected(command: Callable[..., None]) -> Callable[..., None]:
    for option in reversed(CORRECTED):
        command = option(command)
    return command


@results_cli.command("amend")
@click.argument("contest")
@NAMES
@UNITS
@_corrected
@click.option("--take-back", is_flag=True, help="Rút lại lần đính chính điểm, hạng, giải đang có hiệu lực.")
@YES
@AMENDMENT
@REASON
@GROUND
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
    ground: str,
    chair: str | None,
    secretary: str | None,
    override: bool,
    festival: str | None,
    take_back: bool,
    yes: bool,
    **given: tuple[str, ...],
) -> None:
    """Đính chính biên bản đã ký bằng một biên bản mới: hoặc tên (CODE là mã tiết mục đoạt giải), hoặc điểm, hạng, giải."""
    if take_back or any(given.values()):
        if names or units:
            raise click.ClickException("Sửa tên và sửa điểm, hạng, giải là hai biên bản riêng.")
        if chair is None or secretary is None or override:
            raise click.ClickException("Đính chính điểm, hạng, giải cần đủ --chair và --secretary.")
        _amend_standings(
            contest, festival, given, take_back, yes, number, reason, chair, secretary, read_ground(ground)
        )
        return
    pair, new = _people(chair, secretary, override), _new(names, units)
    outcome = with_papers(
        lambda: amend(contest_named(festival, contest).id, new, number, reason, *pair, ground=read_ground(ground))
    )
    _said(outcome, number)


def _amend_standings(
    contest: str,
    festival: str | None,
    given: dict[str, tuple[str, ...]],
    take_back: bool,
    yes: bool,
    number: str,
    reason: str,
    chair: str,
    secretary: str,
    ground: StatedGround,
) -> None:
    said = _standings(contest, festival, given, take_back)
    if not yes and not click.confirm("Đã đọc lại đúng?"):
        raise click.ClickException("Chưa có gì được ghi.")
    one, two = _people(chair, secretary, False)
    if one is None or two is None:
        raise click.ClickException("Đính chính điểm, hạng, giải cần đủ --chair và --secretary.")
    back = said.ordinal - 1 if take_back else None
    seen, corrections = said.ordinal, said.corrections
    outcome = with_papers(
        lambda: amend_standings(
            contest_named(festival, contest).id,
            corrections,
            number,
            reason,
            one,
            two,
            seen=seen,
            takes_back=back,
            ground=ground,
        )
    )
    _said(outcome, number)


@results_cli.command("delegations-amend")
@click.option("--recompute", is_flag=True, help="Lấy bảng tính lại từ các phần thi đã đính chính.")
@click.option(
    "--prize", "prizes", multiple=True, metavar="CODE=PRIZE", help="Giải của đoàn đồng hạng; - là không có giải."
)
@NAMES
@AMENDMENT
@REASON
@GROUND
@CHAIR
@SECRETARY
@OVERRIDE
@FESTIVAL
def delegations_amend(
    recompute: bool,
    prizes: tuple[str, ...],
    names: tuple[str, ...],
    number: str,
    reason: str,
    ground: str,
    chair: str | None,
    secretary: str | None,
    override: bool,
    festival: str | None,
) -> None:
    """Đính chính biên bản toàn đoàn đã ký: tên đoàn, hoặc (--recompute) hạng và giải; CODE là mã đoàn."""
    if recompute:
        one, two = _people(chair, secretary, override)
        if names or one is None or two is None:
            raise click.ClickException("--recompute cần đủ --chair và --secretary, không kèm --name.")
        given = {code: None if prize == "-" else prize for code, _, prize in (each.partition("=") for each in prizes)}
        outcome = with_papers(
            lambda: amend_whole_standings(
                festival_named(festival).id, given, number, reason, one, two, ground=read_ground(ground)
            )
        )
        _said(outcome, number)
        return
    pair, new = _people(chair, secretary, override), _new(names, ())
    outcome = with_papers(
        lambda: amend_whole(festival_named(festival).id, new, number, reason, *pair, ground=read_ground(ground))
    )
    _said(outcome, number)
