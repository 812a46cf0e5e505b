"""`flask registration return|reject|withdraw|undo|restore`: the reviewer's decisions and their ways back, by command.

Each takes the codes of `flask registration list`, tells the fate of every family, and ends with 1 when one was left as it
was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import assert_never

import click

from festival.accounts.commands import acting_account
from festival.core.transaction import transaction
from festival.core.web.i18n import say
from festival.editions.commands import FESTIVAL
from festival.registration import decisions
from festival.registration.by_command import line_cli, look_cli  # noqa: F401 - lines and looks are decided by command too
from festival.registration.by_command.commands import known_family, registration_cli, rules_named
from festival.registration.coming_back.back_words import why_not_back
from festival.registration.coming_back.bringing_back import BackAgain, bring_back
from festival.registration.outcomes import Bound, Undoing
from festival.roster.families import family_by_code
from festival.roster.models import Family, FamilyState
from festival.roster.outcomes import Done, QuotaFull, Stale
from festival.roster.rules import Rules
from festival.roster.words import STATE_WORDS

Deed = Callable[[Rules, Family, str, int | None], Undoing | QuotaFull]

FAMILIES = click.argument("codes", nargs=-1, required=True, metavar="FAMILY…")
REASON = click.option("--reason", required=True, help="Lý do, viết cho gia đình và cán bộ đọc.")
BY = click.option("--by", help="Tên đăng nhập của người quyết định.")


def _decide(codes: Sequence[str], festival: str | None, reason: str, by: str | None, deed: Deed, words: str) -> None:
    if not reason.strip():
        raise click.ClickException("Cần ghi lý do (--reason).")
    said = []
    with transaction():
        rules, who = rules_named(festival), acting_account(by)
        for code in codes:
            with known_family():
                family = family_by_code(code)
            said.append((code, family.name, deed(rules, family, " ".join(reason.split()), who)))
    for code, name, outcome in said:
        click.echo(f"{code}\t{name}\t{_said(outcome, words)}")
    if any(not isinstance(outcome, Done) for _code, _name, outcome in said):
        raise SystemExit(1)


def _said(outcome: Undoing | QuotaFull, words: str) -> str:
    match outcome:
        case Done():
            return words
        case Stale(state=state):
            return f"không được, hiện là “{say(STATE_WORDS[state])}”"
        case Bound(reasons):
            return "chưa được: " + " ".join(say(reason) for reason in reasons)
        case QuotaFull():
            return "chưa được: " + why_not_back(outcome)
        case _:
            assert_never(outcome)


@registration_cli.command("return")
@FAMILIES
@REASON
@FESTIVAL
@BY
def return_families(codes: tuple[str, ...], reason: str, festival: str | None, by: str | None) -> None:
    """Trả lại hồ sơ đang chờ để gia đình sửa; lý do được gửi cho gia đình."""

    def deed(rules: Rules, family: Family, reason: str, who: int | None) -> Undoing:
        return decisions.return_family(rules, family, family.version, reason, who)

    _decide(codes, festival, reason, by, deed, "đã trả lại")


@registration_cli.command("reject")
@FAMILIES
@REASON
@FESTIVAL
@BY
def reject(codes: tuple[str, ...], reason: str, festival: str | None, by: str | None) -> None:
    """Từ chối hồ sơ đang chờ; lý do được gửi cho gia đình."""

    def deed(rules: Rules, family: Family, reason: str, who: int | None) -> Undoing:
        return decisions.reject_family(rules, family, family.version, reason, who)

    _decide(codes, festival, reason, by, deed, "đã từ chối")


@registration_cli.command("withdraw")
@click.argument("codes", nargs=-1, required=True, metavar="FAMILY…")
@FESTIVAL
def withdraw(codes: tuple[str, ...], festival: str | None) -> None:
    """Rút gia đình khỏi ngày hội: trả chỉ tiêu, thẻ hết hiệu lực (làm lại được bằng restore)."""

    def deed(rules: Rules, family: Family, _reason: str, _who: int | None) -> Undoing:
        return decisions.withdraw_family(rules, family, family.version, "office")

    _decide(codes, festival, "-", None, deed, "đã rút")


@registration_cli.command("undo")
@FAMILIES
@REASON
@FESTIVAL
@BY
def undo(codes: tuple[str, ...], reason: str, festival: str | None, by: str | None) -> None:
    """Hoàn tác duyệt: hồ sơ chờ duyệt trở lại, thẻ đã cấp hết hiệu lực."""

    def deed(rules: Rules, family: Family, reason: str, who: int | None) -> Undoing:
        return decisions.undo_approval(rules, family, family.version, reason, who)

    _decide(codes, festival, reason, by, deed, "chờ duyệt trở lại")


@registration_cli.command("restore")
@FAMILIES
@REASON
@FESTIVAL
@BY
def restore(codes: tuple[str, ...], reason: str, festival: str | None, by: str | None) -> None:
    """Khôi phục hồ sơ đã rút (như trước khi rút, nếu còn chỗ) hoặc đã bị từ chối (chờ duyệt trở lại)."""

    def deed(rules: Rules, family: Family, reason: str, who: int | None) -> Undoing | QuotaFull:
        if family.state is not FamilyState.WITHDRAWN:
            return decisions.undo_rejection(rules, family, family.version, reason, who)
        outcome = bring_back(rules, family, family.version, reason, who)
        return Done(outcome.version) if isinstance(outcome, BackAgain) else outcome

    _decide(codes, festival, reason, by, deed, "đã khôi phục")
