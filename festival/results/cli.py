"""The ladder of a result without a browser: lock, standings, decisions, minutes, release, publication.

`flask judging lock` lives here because a lock computes the standings. It needs what the page needs: chair and secretary
with their passwords (prompt, or CHAIR_PASSWORD and SECRETARY_PASSWORD), or `--override REASON`, which goes into the
ledger.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import Any

import click
from flask.cli import AppGroup

from festival.accounts.commands import acting_account
from festival.accounts.proof import NotProven, prove, wait_said
from festival.contests.commands import contest_named
from festival.contests.models import ContestState
from festival.core.security_log import SecurityKind, note_read
from festival.core.transaction import reading, transaction
from festival.core.web.errors import NotFound
from festival.core.web.i18n import say
from festival.editions.commands import FESTIVAL, festival_named
from festival.judging.commands import YES, judging_cli
from festival.judging.confirming import confirm_public
from festival.judging.contest_access import marks_are_secret
from festival.judging.models import MeasureState
from festival.papers.ahead import with_papers
from festival.results import decide as results_decide
from festival.results.awards import PrizeList
from festival.results.current import current_table, standings_hash, standings_json, tally_for_result, written_value
from festival.results.decide import OfFewSheets, TakenOut, TieOrder
from festival.results.delegations import deciding
from festival.results.delegations.deciding import unlike_words
from festival.results.delegations.table import read_whole, whole_delegation, whole_json
from festival.results.ladder import people
from festival.results.ladder import sign as ladder_sign
from festival.results.ladder.lock import Locked, NotReady, Unsignable, WrongPeople
from festival.results.ladder.paper_days import paper_day
from festival.results.ladder.sign import Signed, StillOpen
from festival.results.outside import tally_cli
from festival.results.published import PublicLine, published_results
from festival.results.settling.awarding import PrizesGiven
from festival.results.standings import OnFewSheets
from festival.results.words import UNSIGNABLE_WORDS

__all__ = ["results_cli", "tally_cli"]  # a command of a folder, drawn on its group when it is imported

results_cli = AppGroup("results", help="Kết quả: xếp hạng, quyết định, biên bản, cho MC đọc, công bố.")

BY = click.option("--by", help="Tên đăng nhập của người làm bước này.")


def checked(
    login: str, variable: str, who: str, step: str, password: str | None = None, *, pin_too: bool = False
) -> int:
    """The account of somebody who proves it: by `password`, the variable of the environment, or when asked."""
    typed = password if password is not None else os.environ.get(variable)
    if typed is None:
        typed = click.prompt(f"Mật khẩu của {who} ({login})", hide_input=True)
    answer = prove(login, typed, pin_too=pin_too, step=step)
    if isinstance(answer, NotProven):
        raise click.ClickException(
            say(wait_said(answer.wait_s)) if answer.wait_s else f"Mật khẩu của {who} chưa đúng ({variable})."
        )
    return answer.account.user_id


@judging_cli.command("lock")
@click.argument("contest")
@FESTIVAL
@click.option("--chair", help="Tên đăng nhập của trưởng ban giám khảo.")
@click.option("--secretary", help="Tên đăng nhập của thư ký.")
@click.option("--chair-password", envvar="CHAIR_PASSWORD", hidden=True)
@click.option("--secretary-password", envvar="SECRETARY_PASSWORD", hidden=True)
@click.option("--override", default="", metavar="REASON", help="Khóa dù còn thiếu; lý do được ghi vào sổ.")
def lock(
    contest: str,
    festival: str | None,
    chair: str | None,
    secretary: str | None,
    chair_password: str | None,
    secretary_password: str | None,
    override: str,
) -> None:
    """Khóa điểm một phần thi: cần trưởng ban giám khảo và thư ký, hoặc --override REASON."""
    if (chair is None) != (secretary is None) or (chair is None and not override.strip()):
        raise click.ClickException("Cần cả --chair và --secretary, hoặc --override kèm lý do.")
    chair_id = secretary_id = None
    if chair is not None and secretary is not None:
        chair_id = checked(chair, "CHAIR_PASSWORD", "trưởng ban", "lock", chair_password, pin_too=True)
        secretary_id = checked(secretary, "SECRETARY_PASSWORD", "thư ký", "lock", secretary_password)
    with transaction():
        outcome = people.lock(contest_named(festival, contest).id, chair_id, secretary_id, override)
    match outcome:
        case WrongPeople(said):
            raise click.ClickException(said)
        case Unsignable(lacks):
            raise click.ClickException("Chưa khóa được: " + " ".join(str(UNSIGNABLE_WORDS[each]) for each in lacks))
        case NotReady(problems):
            lines = [f"  {each.what}: {each.who} {each.entry}".rstrip() for each in problems]
            raise click.ClickException("Chưa khóa được:\n" + "\n".join(lines))
        case Locked(digest, problems):
            click.echo(f"Đã khóa điểm {contest}. Mã bảng xếp hạng {digest[:16]}. Bỏ qua {len(problems)} thiếu sót.")


@results_cli.command("standings")
@click.argument("contest")
@FESTIVAL
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def standings(contest: str, festival: str | None, as_json: bool) -> None:
    """Bảng xếp hạng của một phần thi (tạm tính khi chưa khóa)."""
    with reading():
        row = contest_named(festival, contest)
        secret = marks_are_secret(row)
        table = current_table(tally_for_result(row))
        lines = [
            line | {"reasons": [say(reason) for reason in each.reasons]}
            for line, each in zip(standings_json(table), table.standings, strict=True)
        ]
        questions: list[dict[str, Any]] = [{"entries": list(q.entries), "rank": q.rank} for q in table.prizes.questions]
        shown = {each.entry: written_value(row, each.value) for each in table.standings}
    if secret:
        note_read(SecurityKind.READ_MARKS, {"contest": contest})
    if as_json:
        click.echo(
            json.dumps(
                {
                    "contest": contest,
                    "state": row.state.value,
                    "hash": standings_hash(table),
                    "standings": lines,
                    "questions": questions,
                },
                ensure_ascii=False,
            )
        )
        return
    for line in lines:
        place = "—" if line["place"] is None else f"{line['place']}{'=' if line['shared'] else ''}"
        value = shown[line["entry"]] or line["state"]
        click.echo(f"{place:>4}  {value:>10}  {line['prize'] or '':<14} {line['name']} ({line['delegation']})")
    for question in questions:
        click.echo(f"Chờ ban giám khảo: hạng {question['rank']}: {', '.join(question['entries'])}")


@results_cli.command("delegations")
@FESTIVAL
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def delegations(festival: str | None, as_json: bool) -> None:
    """Bảng xếp hạng toàn đoàn từ các phần thi đã khóa."""
    with reading():
        whole = whole_delegation(festival_named(festival))
        secret = [each.code for each in whole.contests if marks_are_secret(each)] if whole else []
    if whole is None:
        raise click.ClickException("Thể lệ không có giải toàn đoàn.")
    for code in secret:
        note_read(SecurityKind.READ_MARKS, {"contest": code})
    if whole.unlike and whole.minutes is None:
        raise click.ClickException(unlike_words(whole.unlike))
    asked = () if whole.provisional else whole.open_questions
    if as_json:
        told = {
            "open": [each.code for each in whole.not_yet(ContestState.LOCKED)],
            "questions": [{"delegations": list(each.entries), "rank": each.rank} for each in asked],
            "signed": whole.minutes.number if whole.minutes else None,
            "delegations": whole_json(whole.lines),
        }
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    for line in whole.lines:
        place = f"{line.place}{'=' if line.shared else ''}"
        click.echo(f"{place:>4}  {line.points_milli / 1000:>8g}  {line.prize:<14} {line.name} ({line.code})")
    for contest in whole.not_yet(ContestState.LOCKED):
        click.echo(f"Tạm tính: chưa khóa «{contest.name}».")
    for question in asked:
        click.echo(f"Chờ ban giám khảo: hạng {question.rank}: {', '.join(question.entries)}")


REASON = click.option("--reason", required=True, help="Lý do của ban giám khảo.")
NAMES = click.option("--name", "names", multiple=True, required=True, help="Họ tên người quyết định; dùng nhiều lần.")


@results_cli.command("delegations-tie")
@click.argument("order", nargs=-1, required=True)
@REASON
@NAMES
@FESTIVAL
@BY
def delegations_tie(
    order: tuple[str, ...], reason: str, names: tuple[str, ...], festival: str | None, by: str | None
) -> None:
    """Ghi quyết định khi các đoàn bằng điểm: mã đoàn theo thứ tự, dấu = giữa hai mã là đồng hạng."""
    with transaction():
        groups = [group.split("=") for group in order]
        deciding.decide_whole(festival_named(festival).id, TieOrder(groups), reason, names, acting_account(by))
    click.echo("Đã ghi quyết định.")


@results_cli.command("delegations-prize")
@click.argument("given", nargs=-1, required=True, metavar="DELEGATION=PRIZE…")
@REASON
@NAMES
@FESTIVAL
@BY
def delegations_prize(
    given: tuple[str, ...], reason: str, names: tuple[str, ...], festival: str | None, by: str | None
) -> None:
    """Ghi giải của các đoàn đồng hạng ở ranh giới hai giải: MÃ=Tên giải, để trống sau dấu = là không giải."""
    with transaction():
        deciding.decide_whole(festival_named(festival).id, _given(given), reason, names, acting_account(by))
    click.echo("Đã ghi quyết định.")


def _given(pairs: tuple[str, ...]) -> PrizesGiven:
    return PrizesGiven({code: name or None for code, _sign, name in (each.partition("=") for each in pairs)})


@results_cli.command("tie")
@click.argument("contest")
@click.argument("order", nargs=-1, required=True)
@REASON
@NAMES
@FESTIVAL
@BY
def tie(
    contest: str, order: tuple[str, ...], reason: str, names: tuple[str, ...], festival: str | None, by: str | None
) -> None:
    """Ghi quyết định của ban giám khảo khi bằng điểm: mã tiết mục theo thứ tự, dấu = giữa hai mã là đồng hạng."""
    with transaction():
        groups = [group.split("=") for group in order]
        results_decide.decide(contest_named(festival, contest).id, TieOrder(groups), reason, names, acting_account(by))
    click.echo("Đã ghi quyết định.")


@results_cli.command("prize")
@click.argument("contest")
@click.argument("given", nargs=-1, required=True, metavar="ENTRY=PRIZE…")
@REASON
@NAMES
@FESTIVAL
@BY
def prize(
    contest: str, given: tuple[str, ...], reason: str, names: tuple[str, ...], festival: str | None, by: str | None
) -> None:
    """Ghi giải của mọi tiết mục cùng một hạng, ở ranh giới hai giải hay khác với thứ hạng: MÃ=Tên giải, trống là không giải."""
    with transaction():
        results_decide.decide(contest_named(festival, contest).id, _given(given), reason, names, acting_account(by))
    click.echo("Đã ghi quyết định.")


@results_cli.command("sheets")
@click.argument("contest")
@click.argument("entry")
@click.option(
    "--say", type=click.Choice([each.value for each in OnFewSheets]), required=True, help="Nhận, không có kết quả, chờ."
)
@REASON
@NAMES
@FESTIVAL
@BY
def sheets(
    contest: str, entry: str, say: str, reason: str, names: tuple[str, ...], festival: str | None, by: str | None
) -> None:
    """Ghi quyết định về tiết mục có ít phiếu hơn mức ít nhất của phần thi."""
    with transaction():
        said = OfFewSheets(entry, say)
        results_decide.decide(contest_named(festival, contest).id, said, reason, names, acting_account(by))
    click.echo("Đã ghi quyết định.")


@results_cli.command("out")
@click.argument("contest")
@click.argument("entry")
@click.option("--state", type=click.Choice(["dns", "dnf", "dsq"]), required=True, help="Không dự thi, bỏ dở, bị loại.")
@REASON
@NAMES
@FESTIVAL
@BY
@YES
def out(
    contest: str,
    entry: str,
    state: str,
    reason: str,
    names: tuple[str, ...],
    festival: str | None,
    by: str | None,
    yes: bool,
) -> None:
    """Ghi quyết định: tiết mục chưa có kết quả hợp lệ không xếp hạng."""
    confirm_public(festival, contest, entry, MeasureState(state), yes=yes)
    with transaction():
        results_decide.decide(
            contest_named(festival, contest).id, TakenOut(entry, state), reason, names, acting_account(by)
        )
    click.echo("Đã ghi quyết định.")


@results_cli.command("special")
@click.argument("contest")
@click.argument("prize")
@click.argument("entry", required=False, default="")
@FESTIVAL
@BY
def special(contest: str, prize: str, entry: str, festival: str | None, by: str | None) -> None:
    """Ghi giải chuyên đề của thể lệ cho một tiết mục; bỏ trống mã tiết mục là thôi trao."""
    with transaction():
        row = contest_named(festival, contest)
        try:
            results_decide.give_special(row.id, entry, prize, acting_account(by))
        except NotFound as missing:
            raise click.ClickException(
                f"Phần thi không có tiết mục «{entry}». Xem: flask results standings"
            ) from missing
    click.echo(f"{prize}: {entry or 'chưa trao'}")


PETITIONS_REASON = click.option(
    "--petitions-reason",
    default="",
    metavar="REASON",
    help="Lý do vẫn làm khi còn kiến nghị chưa giải quyết xong; được ghi vào sổ.",
)


@results_cli.command("sign")
@click.argument("contest")
@click.option("--number", required=True, help="Số của biên bản.")
@PETITIONS_REASON
@FESTIVAL
@BY
def sign(contest: str, number: str, petitions_reason: str, festival: str | None, by: str | None) -> None:
    """Biên bản đã ký: các giải được ghi nhận."""
    outcome = with_papers(
        lambda: ladder_sign.sign(
            contest_named(festival, contest).id, number, acting_account(by), petitions_reason=petitions_reason
        )
    )
    match outcome:
        case StillOpen(questions, unsettled):
            raise click.ClickException(
                f"Ban giám khảo còn phải quyết định: {questions} chỗ ở ranh giới giải, {unsettled} tiết mục chưa có điểm."
            )
        case Signed(awards):
            click.echo(f"Đã ký biên bản {number}, {awards} giải.")


@results_cli.command("decide")
@click.argument("contest")
@click.option(
    "--number", default="", help="Số của quyết định trao giải; chưa có thì bỏ trống, ghi sau bằng decide-number."
)
@click.option("--day", default="", metavar="DD/MM/YYYY", help="Ngày của quyết định; có thể ghi sau.")
@FESTIVAL
@BY
def decide(contest: str, number: str, day: str, festival: str | None, by: str | None) -> None:
    """Ghi quyết định trao giải."""
    with transaction():
        ladder_sign.record_award_decision(
            contest_named(festival, contest).id, number, acting_account(by), paper_day(day)
        )
    click.echo(f"Đã ghi quyết định trao giải {f'số {number}' if number else '(số và ngày sẽ ghi sau)'}.")


@results_cli.command("public")
@FESTIVAL
def public(festival: str | None) -> None:
    """Những gì công chúng được thấy, dạng JSON."""
    with reading():
        festival_id = festival_named(festival).id
        found = published_results(festival_id)
        whole = read_whole(festival_id, ContestState.PUBLISHED)
    told = [
        {
            "contest": each.code,
            "final": each.final,
            "prizes": _prizes(each.prizes),
            "lines": [_line(line) for line in each.lines],
        }
        for each in found
    ]
    if whole:
        told.append({"contest": None, "final": True, "prizes": _prizes(whole), "lines": []})
    click.echo(json.dumps(told, ensure_ascii=False))


def _line(line: PublicLine) -> dict[str, Any]:
    told: dict[str, Any] = {"place": line.place, "value": line.value, "name": line.name}
    if line.corrected is not None:
        told["corrected"] = {"at": line.corrected.at.isoformat(), "before": str(line.corrected.before)}
    return told


def _prizes(lists: Sequence[PrizeList]) -> list[dict[str, Any]]:
    return [{"prize": each.prize, "winners": [winner.name for winner in each.winners]} for each in lists]
