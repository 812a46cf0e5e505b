"""`flask results release`, `publish` and `take-back`: they name their people as the pages do, or a reason that goes into the ledger.

Passwords are asked for, or taken from BY_PASSWORD and SECOND_PASSWORD; never from the line of the command.
"""

from __future__ import annotations

from typing import Any

import click

from festival.accounts.commands import acting_account
from festival.contests.commands import contest_named
from festival.core.transaction import reading, transaction
from festival.editions.commands import FESTIVAL, festival_named
from festival.results.cli import BY as BY_NAME
from festival.results.cli import PETITIONS_REASON, checked, results_cli
from festival.results.delegations import deciding
from festival.results.delegations.table import whole_delegation
from festival.results.ladder import paper_days, people
from festival.results.ladder.lock import WrongPeople
from festival.results.ladder.sign import Signed, StillOpen
from festival.results.ladder.unlock import WrongPair
from festival.results.models import TakeBackReason
from festival.results.release.panel_two import panel_two, the_two

BY = click.option("--by", help="Tên đăng nhập của người làm bước này; được hỏi mật khẩu (hoặc BY_PASSWORD).")
SECOND = click.option(
    "--second", help="Tên đăng nhập của người thứ hai; được hỏi mật khẩu hoặc mã PIN (hoặc SECOND_PASSWORD)."
)
OVERRIDE = click.option(
    "--override", default="", metavar="REASON", help="Làm khi không đủ người; lý do được ghi vào sổ."
)


PAPERS_REASON = click.option(
    "--papers-reason",
    default="",
    metavar="REASON",
    help="Lý do cho đọc khi chưa có bản ký (biên bản, quyết định); vẫn cần đủ hai người; được ghi vào sổ.",
)


def _papers_asked(outcome: people.PapersAsked) -> click.ClickException:
    return click.ClickException(
        f"Chưa cho MC đọc: {paper_days.listed(outcome.lacks)}. Gửi bản đã ký: flask results scan (toàn đoàn: "
        "flask results delegations-scan), hoặc thêm --papers-reason kèm lý do."
    )


def _two(by: str | None, second: str | None, override: str) -> tuple[int | None, int | None]:
    """The two people of a release, both proved; nobody where there is a reason instead."""
    if (by is None) != (second is None) or (by is None and not override.strip()):
        raise click.ClickException("Cần cả --by và --second, hoặc --override kèm lý do.")
    if by is None or second is None:
        return None, None
    return (
        checked(by, "BY_PASSWORD", "người thứ nhất", "release"),
        checked(second, "SECOND_PASSWORD", "người thứ hai", "release", pin_too=True),
    )


@results_cli.command("release")
@click.argument("contest")
@FESTIVAL
@BY
@click.option("--second", help="Tên đăng nhập của người thứ hai; được hỏi mật khẩu hoặc mã PIN (hoặc SECOND_PASSWORD).")
@click.option(
    "--names-reason",
    default="",
    metavar="REASON",
    help="Lý do vẫn dùng các tên chưa được trưởng đoàn dò; được ghi vào sổ cùng các tên đó.",
)
@PETITIONS_REASON
@PAPERS_REASON
@OVERRIDE
def release(
    contest: str,
    festival: str | None,
    by: str | None,
    second: str | None,
    names_reason: str,
    petitions_reason: str,
    papers_reason: str,
    override: str,
) -> None:
    """Cho MC đọc kết quả: cần hai người khác nhau, hoặc --override REASON."""
    by_id, second_id = _two(by, second, override)
    with transaction():
        row_id = contest_named(festival, contest).id
        reasons = {"names_reason": names_reason, "petitions_reason": petitions_reason, "papers_reason": papers_reason}
        outcome = people.release(row_id, by_id, second_id, override, **reasons)
    if isinstance(outcome, WrongPeople):
        raise click.ClickException(outcome.said)
    if isinstance(outcome, people.PapersAsked):
        raise _papers_asked(outcome)
    if isinstance(outcome, people.NamesAsked):
        listed = "; ".join(f"{each.text} ({each.delegation})" for each in outcome.names)
        raise click.ClickException(f"Có tên chưa dò: {listed}. Thêm --names-reason kèm lý do vẫn dùng các tên này.")
    click.echo(f"MC được đọc kết quả phần thi {contest}.")


@results_cli.command("publish")
@click.argument("contest")
@FESTIVAL
@BY
@OVERRIDE
def publish(contest: str, festival: str | None, by: str | None, override: str) -> None:
    """Công bố kết quả: cần một người của Ban Tổ chức, hoặc --override REASON."""
    if by is None and not override.strip():
        raise click.ClickException("Cần --by, hoặc --override kèm lý do.")
    by_id = None if by is None else checked(by, "BY_PASSWORD", "người công bố", "publish")
    with transaction():
        outcome = people.publish(contest_named(festival, contest).id, by_id, override)
    if isinstance(outcome, WrongPeople):
        raise click.ClickException(outcome.said)
    click.echo(f"Đã công bố phần thi {contest}.")


@results_cli.command("take-back")
@click.argument("contest")
@FESTIVAL
@click.option(
    "--why", type=click.Choice([each.value for each in TakeBackReason]), required=True,
    help="early: công bố quá sớm, MC vẫn đọc; wrong: kết quả sai hoặc phải xem lại, MC cũng không đọc nữa.",
)  # fmt: skip
@click.option("--reason", required=True, help="Lý do bằng lời.")
@panel_two
def take_back(contest: str, festival: str | None, why: str, reason: str, **two: Any) -> None:
    """Thu lại kết quả đã công bố: cần trưởng ban và thư ký của phần thi, hoặc --override."""
    chair_id, secretary_id = the_two("take_back", **two)
    with transaction():
        outcome = people.take_back(contest_named(festival, contest).id, chair_id, secretary_id, why, reason)
    if isinstance(outcome, WrongPair):
        raise click.ClickException(outcome.said)
    click.echo(f"Đã thu lại kết quả phần thi {contest}.")
    for name in outcome.along:
        click.echo(f"Cùng thu lại: {name}.")


@results_cli.command("delegations-sign")
@click.option("--number", required=True, help="Số của biên bản.")
@FESTIVAL
@BY_NAME
@SECOND
@PETITIONS_REASON
@PAPERS_REASON
@OVERRIDE
def delegations_sign(
    number: str,
    festival: str | None,
    by: str | None,
    second: str | None,
    petitions_reason: str,
    papers_reason: str,
    override: str,
) -> None:
    """Biên bản toàn đoàn đã ký: các giải toàn đoàn được ghi nhận.

    Khi MC đã được đọc mọi phần thi, bước này cho MC đọc ngay: cần hai người như lệnh release, hoặc --override REASON.
    """
    with reading():
        row = festival_named(festival)
        table = whole_delegation(row)
        at_once = deciding.releases_at_once(table)
    by_id, second_id = _two(by, second, override) if at_once else (None, None)
    with transaction():
        row = festival_named(festival)
        why = ""
        if by_id is not None and second_id is not None and table is not None:
            why = people.not_these_two(by_id, second_id, row.id, table.contests)
        if why:
            raise click.ClickException(why)
        signer = by_id if at_once else acting_account(by)
        said = override if at_once and by_id is None else ""
        because = people.whole_reason(row.id, by_id, second_id, papers_reason) if at_once else ""
        if isinstance(because, people.PapersAsked):
            raise _papers_asked(because)
        if isinstance(because, WrongPeople):
            raise click.ClickException(because.said)
        outcome = deciding.sign_whole(
            row.id,
            number,
            signer,
            with_user=second_id,
            note=said,
            papers_reason=because,
            petitions_reason=petitions_reason,
        )
        if at_once and isinstance(outcome, Signed):
            people.noted("release", "whole", by_id, second_id, said)
    match outcome:
        case StillOpen(questions):
            raise click.ClickException(f"Ban giám khảo còn phải quyết định: {questions} chỗ ở ranh giới giải.")
        case Signed(awards):
            click.echo(f"Đã ký biên bản toàn đoàn {number}, {awards} giải.")
