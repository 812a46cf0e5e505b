"""`flask registration look|settle|open-link`: what waits for a person's look, decided by command.

The same words as on the pages “Hồ sơ cần xem”: one family once more, another one, or both merged into one.
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
from festival.registration.guarding import held, resembling, tails
from festival.registration.models import HeldDecision
from festival.registration.officer.settling import settle
from festival.roster import delegations
from festival.roster.asked import rules_of_family
from festival.roster.families import family_by_code

BY = click.option("--by", help="Tên đăng nhập của người quyết định.")


@registration_cli.command("look")
@FESTIVAL
@UNIT
@click.option("--json", "as_json", is_flag=True, help="Một mảng JSON.")
def look(festival: str | None, unit: str, as_json: bool) -> None:
    """Liệt kê hồ sơ cần xem: mã, tên, vì sao, mã và tên hồ sơ giống nó; rồi các liên kết chỉ còn xem được."""
    with reading_secrets(SecurityKind.EXPORT, what="look", delegation=unit):
        rules = rules_named(festival)
        chosen = [delegation_named(rules, unit)] if unit else delegations.delegations(rules.festival.id)
        ids = [each.id for each in chosen]
        rows = [
            {
                "family": each.family.code,
                "name": each.family.name,
                "why": each.row.why,
                "beside": each.beside.code if each.beside else "",
                "beside_name": each.beside.name if each.beside else "",
                "alike": [say(one) for one in resembling.alike(each.family, each.beside)] if each.beside else [],
            }
            for each in held.to_look_at(ids)
        ]
        closed = [{"family": family.code, "name": family.name, "why": "link_closed"} for family in tails.closed_in(ids)]
    if as_json:
        click.echo(json.dumps([*rows, *closed], ensure_ascii=False, indent=1))
        return
    for row in rows:
        told = (row["family"], row["name"], row["why"], row["beside"], row["beside_name"], "; ".join(row["alike"]))
        click.echo("\t".join(map(str, told)))
    for link in closed:
        click.echo("\t".join(link.values()))


@registration_cli.command("settle")
@click.argument("code")
@click.option("--same", "wanted", flag_value="same", help="Là một nhà: rút hồ sơ này, hồ sơ kia giữ nguyên.")
@click.option("--new", "wanted", flag_value="new", help="Là hai nhà khác nhau: tiếp tục.")
@click.option("--merge", "wanted", flag_value="merge", help="Là một nhà: gộp vào hồ sơ kia những gì nó chưa có.")
@BY
def settle_one(code: str, wanted: str | None, by: str | None) -> None:
    """Quyết định về một hồ sơ cần xem (CODE là mã của hồ sơ mới, xem `flask registration look`)."""
    if wanted is None:
        raise click.ClickException("Cần một trong --same, --new, --merge.")
    with transaction():
        who = acting_account(by)
        with known_family():
            family = family_by_code(code)
        decision = HeldDecision.NEW if wanted == "new" else HeldDecision.SAME
        done = settle(rules_of_family(family), family, decision, who, "office", merge=wanted == "merge")
    if done is None:
        raise click.ClickException("Hồ sơ này không có gì cần xem.")
    words = {"new": "hai nhà khác nhau, tiếp tục", "same": "một nhà, đã rút hồ sơ này", "merge": "một nhà, đã gộp"}
    click.echo(f"{code}\t{family.name}\t{words[wanted]}")
    for value in done.taken:
        click.echo(f"\t{say(value)}")


@registration_cli.command("open-link")
@click.argument("code")
@BY
def open_link(code: str, by: str | None) -> None:
    """Mở lại liên kết của gia đình CODE đã bị nhập sai 4 số cuối quá nhiều lần."""
    with transaction():
        who = acting_account(by)
        with known_family():
            family = family_by_code(code)
        opened = tails.open_again(family.delegation.festival, family, who)
    click.echo(f"{family.name}: " + ("đã mở lại liên kết." if opened else "liên kết vốn đang mở."))
