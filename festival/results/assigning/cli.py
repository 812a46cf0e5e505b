"""`flask judging assign|scope|relate|ties`: the proposal for all panels, what each can judge, the ties that follow from relations."""

from __future__ import annotations

import json

import click

from festival.accounts.commands import account_named
from festival.contests import actions
from festival.contests.assigning.proposal import NotEnough, propose
from festival.core.transaction import reading, transaction
from festival.editions.commands import FESTIVAL, festival_named
from festival.editions.queries import unit_by_code
from festival.judging.commands import judging_cli
from festival.judging.panel import relations
from festival.judging.panel.scopes import ScopeSaid, say_scope, scope_of, undo_scope
from festival.results.assigning import planning
from festival.results.assigning.scopes import choices_of, line_of, lines_of


@judging_cli.command("assign")
@FESTIVAL
@click.option("--apply", "do", flag_value="apply", help="Xếp theo đề nghị.")
@click.option("--back", "do", flag_value="back", help="Trả lại như trước lần xếp vừa rồi.")
@click.option("--json", "as_json", is_flag=True, help="In ra JSON.")
def assign(festival: str | None, do: str | None, as_json: bool) -> None:
    """Đề nghị người cho mọi ban chưa có điểm: không phạm quan hệ, chia đều, đổi ít ghế nhất."""
    with transaction():
        row = festival_named(festival)
        if do == "back":
            click.echo(f"Đã trả lại, {planning.take_back(row, None)} ghế đổi.")
            return
        found = planning.ground(row)
        answer = propose(found.people, found.panels)
        if isinstance(answer, NotEnough):
            names = ", ".join(found.titles[code] for code in answer.panels)
            raise click.ClickException(f"Không xếp đủ: {names} cần {answer.needed} ghế, chỉ xếp được {answer.there}.")
        changed = planning.apply(row, found, answer.panels, None) if do == "apply" else 0
    lines = [
        {"contest": each.code, "seats": [found.logins[who] for who in (each.chair, *each.members)]}
        for each in answer.panels
    ]
    if as_json:
        click.echo(json.dumps({"panels": lines, "changed": changed}, ensure_ascii=False))
        return
    for line in lines:
        click.echo(f"{line['contest']}\t{' '.join(line['seats'])}")


@judging_cli.command("scope")
@click.argument("login", required=False)
@FESTIVAL
@click.option("--contest", "contests", multiple=True, metavar="CODE", help="Chấm được phần thi này; dùng nhiều lần.")
@click.option("--day", "days", multiple=True, metavar="YYYY-MM-DD", help="Có mặt ngày này; dùng nhiều lần.")
@click.option("--any", "anything", is_flag=True, help="Mọi phần thi, mọi ngày.")
@click.option("--undo", is_flag=True, help="Trả lại như trước lần ghi vừa rồi.")
def scope(
    login: str | None,
    festival: str | None,
    contests: tuple[str, ...],
    days: tuple[str, ...],
    anything: bool,
    undo: bool,
) -> None:
    """Ai chấm được phần thi nào, có mặt ngày nào; không có LOGIN thì in ra cả danh sách. Phần không nêu là mọi phần thi, mọi ngày."""
    if login is not None:
        if (undo or anything) == bool(contests or days):
            raise click.ClickException("Nêu --contest, --day, hoặc chỉ --any, hoặc chỉ --undo.")
        with transaction():
            row = festival_named(festival)
            user_id = line_of(row, account_named(login)).user_id
            version = scope_of(row.id, user_id).version
            if undo:
                undo_scope(row.id, user_id, version, None)
            else:
                said = ScopeSaid(frozenset(contests) or None, frozenset(days) or None, version)
                say_scope(row.id, user_id, said, choices_of(row).known, None)
    with reading():
        row = festival_named(festival)
        choices = choices_of(row)
        for line in lines_of(row):
            if login in (None, line.login):
                click.echo("\t".join((line.login, *choices.told(line.said))))


@judging_cli.command("relate")
@click.argument("login")
@FESTIVAL
@click.option("--unit", help="Mã hành chính của đơn vị vào ngày khai mạc.")
@click.option("--family", help="Tên gia đình.")
@click.option("--words", required=True, help="Quan hệ gì.")
def relate(login: str, festival: str | None, unit: str | None, family: str | None, words: str) -> None:
    """Ghi quan hệ mà một giám khảo đã khai; xem các đề nghị bằng flask judging ties."""
    with transaction():
        row = festival_named(festival)
        found = unit_by_code(unit, row.starts_on) if unit else None
        to = (found.id if found else None, relations.family_named(row.id, family) if family else None)
        relations.declare(row.id, account_named(login), to, words)
    click.echo(f"Đã ghi quan hệ của {login}.")


@judging_cli.command("ties")
@FESTIVAL
@click.option("--accept", "accepted", type=int, help="Số của đề nghị được nhận.")
@click.option("--dismiss", "dismissed", type=int, help="Số của đề nghị bị bỏ qua.")
@click.option("--undo", "undone", type=int, help="Số của đề nghị được xét lại.")
@click.option("--reason", default="", help="Vì sao vẫn được chấm.")
def ties(festival: str | None, accepted: int | None, dismissed: int | None, undone: int | None, reason: str) -> None:
    """Đề nghị không chấm suy từ các quan hệ, có đánh số; nhận, bỏ qua hoặc xét lại một đề nghị."""
    chosen = next((each for each in (accepted, dismissed, undone) if each is not None), None)
    if chosen is not None:
        with transaction():
            row = festival_named(festival)
            found = relations.ties_proposed(row)
            if not 1 <= chosen <= len(found):
                raise click.ClickException(f"Không có đề nghị số {chosen}.")
            tie = found[chosen - 1]
            if accepted is not None:
                actions.note_unavailable(tie.judge_id, tie.unit_id, tie.words, family_id=tie.family_id)
            elif dismissed is not None:
                relations.dismiss(row.id, tie, reason, None)
            elif tie.tie_id is not None:
                actions.drop_unavailable(tie.tie_id)
            else:
                relations.ask_again(row.id, tie)
    with reading():
        for number, tie in enumerate(relations.ties_proposed(festival_named(festival)), 1):
            state = "không chấm" if tie.tie_id else f"vẫn chấm: {tie.dismissed}" if tie.dismissed else "chờ"
            click.echo(f"{number}\t{tie.who}\t{tie.contest}\t{tie.to}\t{tie.words}\t{state}")
