"""`flask registration waiting…|self-registration`: the lines for places of delegations, without a browser.

The same verbs as on the page “Danh sách chờ”: opened and closed, offered, moved, taken out, put back; and whether families may
register themselves, for all delegations at once.
"""

from __future__ import annotations

import json

import click

from festival.accounts.commands import acting_account
from festival.core.looks import reading_secrets
from festival.core.security_log import SecurityKind
from festival.core.transaction import transaction
from festival.core.web.i18n import say
from festival.editions.commands import FESTIVAL
from festival.registration.by_command.commands import (
    UNIT,
    delegation_named,
    known_family,
    registration_cli,
    rules_named,
)
from festival.registration.by_command.look_cli import BY
from festival.registration.offering import distributing, looking, opening, ordering, standing
from festival.registration.offering.ordering import ListWanted
from festival.registration.queueing.line import Stands
from festival.registration.queueing.line_words import OUT_WORDS
from festival.roster.asked import rules_of_family
from festival.roster.families import family_by_code
from festival.roster.models import Delegation
from festival.roster.rules import Rules

HOURS = 48  # where nothing is said yet
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Một mảng JSON.")


@registration_cli.command("waiting")
@FESTIVAL
@UNIT
@AS_JSON
def waiting(festival: str | None, unit: str, as_json: bool) -> None:
    """Danh sách chờ của các đoàn; có --unit thì từng gia đình trong hàng của đoàn ấy."""
    with reading_secrets(SecurityKind.EXPORT, what="waiting", delegation=unit):
        rules = rules_named(festival)
        rows = _line(rules, delegation_named(rules, unit)) if unit else _lists(rules)
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo("\t".join(str(value) for value in row.values()))


def _lists(rules: Rules) -> list[dict[str, object]]:
    return [
        {
            "delegation": each.delegation.unit.key,
            "name": each.delegation.name,
            "open": bool(each.listed and each.listed.open),
            "self": each.delegation.self_registration,
            "places": each.delegation.families_max,
            "approved": each.delegation.approved_count,
            "offered": each.delegation.held_count,
            "waiting": each.waiting,
        }
        for each in looking.lists_shown(rules.festival.id)
    ]


def _line(rules: Rules, delegation: Delegation) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for what in looking.SHOWN:
        at = 1
        while True:
            shown = looking.line_shown(rules, delegation, what, at)
            rows += [
                {
                    "family": each.family.code,
                    "name": each.family.name,
                    "stands": what.value,
                    "place": each.place or "",
                    "people": each.stands.people,
                    "until": each.stands.until.isoformat() if each.stands.until else "",
                    "why": say(OUT_WORDS[each.out_by]) if each.out_by and what is Stands.OUT else "",
                    "ready": each.stands.ready,
                    "unsigned": each.unsigned,
                }
                for each in shown.families
            ]
            if at >= shown.part.last:
                break
            at += 1
    return rows


@registration_cli.command("waiting-set")
@FESTIVAL
@UNIT
@click.option("--open/--close", "opened", default=None, help="Mở hoặc đóng danh sách chờ của đoàn.")
@click.option("--hours", type=int, help="Số giờ giữ chỗ cho một lời mời, từ 1 đến 336.")
@click.option("--people", type=int, help="Số người nhiều nhất của đoàn; 0 là không giới hạn.")
@click.option("--self/--no-self", "self_", default=None, help="Gia đình tự đăng ký với đoàn này được hay không.")
@BY
def waiting_set(
    festival: str | None, unit: str, opened: bool | None, hours: int | None, people: int | None, self_: bool | None,
    by: str | None,
) -> None:  # fmt: skip
    """Mở, đóng danh sách chờ của một đoàn và đặt giới hạn; điều không nêu thì giữ như cũ."""
    with transaction():
        who, rules = acting_account(by), rules_named(festival)
        delegation = delegation_named(rules, unit)
        listed = standing.list_of(delegation.id)
        said = ordering.list_typed(
            hours if hours is not None else listed.answer_hours if listed else HOURS,
            "" if not people else str(people),
            people,
            open_=(listed is not None and listed.open) if opened is None else opened,
            self_=delegation.self_registration if self_ is None else self_,
        )
        most = (listed.people_max if listed else None) if people is None else people or None
        wanted = ListWanted(said.open, said.answer_hours, most, said.self_registration)
        ordering.set_list(rules, delegation.id, listed.version if listed else 0, wanted, who)
    state = "đang mở" if wanted.open else "không mở"
    by_itself = "gia đình tự đăng ký được" if wanted.self_registration else "gia đình không tự đăng ký được"
    click.echo(f"{delegation.name}: danh sách chờ {state}, giữ chỗ {wanted.answer_hours} giờ, {by_itself}.")


@registration_cli.command("waiting-offer")
@FESTIVAL
@UNIT
@BY
def waiting_offer(festival: str | None, unit: str, by: str | None) -> None:
    """Mời ngay theo thứ tự vào những chỗ đang trống của một đoàn."""
    with transaction():
        who, rules = acting_account(by), rules_named(festival)
        offered, late = distributing.distribute(rules, delegation_named(rules, unit).id, who)
    for family in late:
        click.echo(f"{family.code}\t{family.name}\thết giờ trả lời")
    for family in offered:
        click.echo(f"{family.code}\t{family.name}\tđã mời")
    if not offered:
        click.echo("Chưa mời thêm ai: không còn chỗ trống vừa với gia đình nào đang chờ và đủ hồ sơ.")


@registration_cli.command("waiting-say")
@click.argument("code")
@click.option("--out", "do", flag_value="out", help="Đưa ra khỏi hàng; lời mời đang giữ chỗ được thu lại.")
@click.option("--in", "do", flag_value="in", help="Đưa lại vào hàng.")
@click.option("--order", "do", flag_value="order", help="Về chỗ theo thời điểm gửi hồ sơ.")
@click.option("--place", type=int, help="Chuyển tới chỗ thứ mấy trong hàng.")
@click.option("--reason", required=True, help="Lý do, ghi vào sổ.")
@BY
def waiting_say(code: str, do: str | None, place: int | None, reason: str, by: str | None) -> None:
    """Chuyển chỗ, đưa ra, đưa lại một gia đình (CODE xem ở `flask registration waiting --unit …`)."""
    if (do is None) == (place is None):
        raise click.ClickException("Cần đúng một trong --out, --in, --order, --place.")
    with transaction():
        who = acting_account(by)
        with known_family():
            family = family_by_code(code)
        rules, listed = rules_of_family(family), standing.list_of(family.delegation_id)
        if listed is None:
            raise click.ClickException("Đoàn của gia đình này chưa từng mở danh sách chờ.")
        told = ordering.reason_given(reason.strip())
        if place is not None:
            ordering.move(rules, family, place, listed.version, told, who)
        else:
            verb = {"out": ordering.take_out, "in": ordering.put_back, "order": ordering.move_back}[do or ""]
            verb(rules, family, listed.version, told, who)
    words = {"out": "đã ra khỏi hàng", "in": "đứng lại trong hàng", "order": "về chỗ theo thời điểm gửi"}
    click.echo(f"{code}\t{family.name}\t{words[do] if do else f'nay ở chỗ thứ {place}'}")


@registration_cli.command("self-registration")
@FESTIVAL
@click.option("--open", "do", flag_value="open", help="Mọi đoàn cho gia đình tự đăng ký.")
@click.option("--close", "do", flag_value="close", help="Không đoàn nào cho gia đình tự đăng ký.")
@click.option("--undo", "do", flag_value="undo", help="Lấy lại như trước lần mở hoặc đóng sau cùng.")
@BY
def self_registration(festival: str | None, do: str | None, by: str | None) -> None:
    """Mở, đóng việc gia đình tự đăng ký cho mọi đoàn một lần, hoặc lấy lại như trước."""
    if do is None:
        raise click.ClickException("Cần một trong --open, --close, --undo.")
    with transaction():
        who, found = acting_account(by), rules_named(festival).festival
        if do == "undo":
            act = opening.last_act(found)
            if act is None:
                raise click.ClickException("Chưa có lần mở hoặc đóng nào cho mọi đoàn.")
            number = opening.take_back(found, act.seq, who)
        else:
            number = opening.set_all(found, who, opened=do == "open")
    words = {"open": "mở cho gia đình tự đăng ký", "close": "đóng tự đăng ký", "undo": "trở lại như trước"}
    click.echo(f"{number} đoàn: {words[do]}.")
