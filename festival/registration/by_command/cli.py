"""`flask registration …`: template, import, lists, submit, approve, passes and officers without a browser.

What else a reviewer decides stands in deciding_cli.py.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import assert_never

import click
from flask import current_app

from config import Config
from festival.accounts.commands import account_named
from festival.core.clock import today
from festival.core.looks import reading_secrets
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.i18n import say
from festival.documents import workbook_refusals
from festival.editions.commands import FESTIVAL
from festival.passes import queries as passes_queries
from festival.passes import tokens
from festival.registration import changing, decisions
from festival.registration.by_command.commands import (
    UNIT,
    delegation_named,
    known_family,
    registration_cli,
    rules_named,
    views_of,
)
from festival.registration.excel import exports, queries, writing
from festival.registration.excel import reading as excel_reading
from festival.registration.excel.fates import FATE_WORDS, FamilyFate, Fate
from festival.registration.importing import keeping, previews
from festival.registration.officer import assigning
from festival.registration.outcomes import (
    Decision,
    NotComplete,
    NotLookedAt,
    NotSent,
    NotSigned,
    Sending,
    StandsInLine,
    StandsInReserve,
)
from festival.registration.sending import SENDABLE
from festival.roster import delegations
from festival.roster import families as roster_families
from festival.roster import views as roster_views
from festival.roster.links import of_families
from festival.roster.models import Delegation, FamilyState
from festival.roster.outcomes import Done, QuotaFull, Stale
from festival.roster.rules import Rules
from festival.roster.views import FamilyView
from festival.roster.words import STATE_WORDS

READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)


@registration_cli.command("template")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@FESTIVAL
@UNIT
@click.option("--filled", is_flag=True, help="Có sẵn các gia đình đã đăng ký của đoàn.")
def template(file: Path, festival: str | None, unit: str, filled: bool) -> None:
    """Ghi tệp mẫu Excel ra FILE (có --filled thì kèm các gia đình của đoàn)."""
    with reading():
        rules = rules_named(festival)
        delegation = delegation_named(rules, unit) if unit or filled else None
        titles = queries.titles_of([delegation.id]) if delegation else {}
        rows = exports.rows(views_of(rules, delegation), titles) if filled and delegation else []
        asked, told = queries.asked_of(rules), ("state", "lacks") if filled else ()
        content = writing.write(rules.festival.name, delegation.name if delegation else "", asked, rows, told)
    file.write_bytes(content)
    click.echo(f"Đã ghi {file}.")


@registration_cli.command("import")
@click.argument("file", type=READABLE)
@FESTIVAL
@UNIT
@click.option("--check", is_flag=True, help="Chỉ xem từng gia đình sẽ ra sao, không ghi.")
@click.option("--repair", is_flag=True, help="Ghi với tên đã sửa: phông chữ cũ, hỏng chữ, toàn chữ hoa.")
@click.option("--whole", is_flag=True, help="Ghi cả tệp hoặc không ghi gì.")
def import_file(file: Path, festival: str | None, unit: str, check: bool, repair: bool, whole: bool) -> None:
    """Nhập tệp Excel vào một đoàn: gia đình mới được ghi, gia đình đã có giữ nguyên, gia đình có lỗi được nêu tên.

    Kết thúc với mã 1 khi có gia đình trong tệp chưa nhập được.
    """
    with reading():
        rules = rules_named(festival)
        asked = queries.asked_of(rules)
        delegation_named(rules, unit)
    config: Config = current_app.config["FESTIVAL"]
    with file.open("rb") as opened:
        content = opened.read(workbook_refusals.LARGEST_FILE_BYTES + 1)
    sheet = excel_reading.read(content, asked, today(), config.instance)
    if isinstance(sheet, workbook_refusals.UnreadableFile):
        raise click.ClickException("\n".join(say(reason) for reason in sheet.reasons))
    with transaction():
        rules = rules_named(festival)
        delegation = delegation_named(rules, unit)
        found = previews.import_preview(rules, delegation, sheet)
        remarks = queries.import_remarks(delegation, sheet)
        done = None
        if not check:
            token = keeping.keep_import(delegation, file.name, found, None, whole=whole)
            done = _written(rules, delegation, token, repair=repair)
    for remark in remarks:
        click.echo(say(remark), err=True)
    for each in found:
        click.echo(f"{each.label}\t{say_fate(each)}")
    if done is not None:
        click.echo(f"Đã ghi {done.new} gia đình.")
        for name in done.left_out:
            click.echo(f"Chưa ghi {name}: tên bị hỏng chữ. Thêm --repair để ghi với tên đã sửa.", err=True)
    left_out = done is not None and bool(done.left_out)
    if left_out or any(each.fate in (Fate.ERROR, Fate.DIFFERENT) for each in found):
        raise SystemExit(1)


def _written(rules: Rules, delegation: Delegation, token: str, *, repair: bool) -> keeping.FamiliesImported:
    batch = keeping.import_of(delegation.id, token)
    done = keeping.apply_import(rules, delegation, batch, None if repair else ())
    if isinstance(done, keeping.NotWhole):
        raise click.ClickException(f"Chưa ghi gì, vì chưa ghi được: {'; '.join(done.names)}.")
    return done


def say_fate(each: FamilyFate) -> str:
    """A family's fate with its reasons on one line."""
    why = [f"{problem.cell}: {say(problem.reason)}" for problem in each.problems]
    why += [say(reason) for reason in each.reasons]
    why += [f"{offer.cell}: “{offer.written}” → “{offer.right}”" for offer in each.offers]
    why += [say(each.twin)] if each.twin else []
    why += [f"còn thiếu: {say(lack.reason)}" for lack in each.lacks]
    return " | ".join([say(FATE_WORDS[each.fate]), *why])


@registration_cli.command("delegations")
@FESTIVAL
@click.option("--json", "as_json", is_flag=True, help="Một mảng JSON.")
def list_delegations(festival: str | None, as_json: bool) -> None:
    """Liệt kê các đoàn: khóa đơn vị, mã đơn vị, số gia đình đã duyệt trên chỉ tiêu, cán bộ, tên; cách nhau bằng Tab."""
    with reading():
        rules = rules_named(festival)
        officers = delegations.officers(rules.festival.id)
        lines = [
            (each, [user.login for user in officers.get(each.id, [])], each.unit)
            for each in delegations.delegations(rules.festival.id)
        ]
    if as_json:
        told = [
            {
                "unit": unit.key,
                "official_code": unit.official_code,
                "approved": each.approved_count,
                "most": each.families_max,
                "officers": logins,
                "name": each.name,
            }
            for each, logins, unit in lines
        ]
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for each, logins, unit in lines:
        quota = f"{each.approved_count}/{each.families_max}"
        click.echo("\t".join([unit.key, unit.official_code or "-", quota, ",".join(logins) or "-", each.name]))


@registration_cli.command("list")
@FESTIVAL
@UNIT
@click.option("--state", type=click.Choice([state.value for state in FamilyState]))
@click.option("--json", "as_json", is_flag=True, help="Một mảng JSON.")
def list_families(festival: str | None, unit: str, state: str | None, as_json: bool) -> None:
    """Liệt kê gia đình: trạng thái, còn thiếu gì, liên kết."""
    config: Config = current_app.config["FESTIVAL"]
    with reading_secrets(SecurityKind.EXPORT, what="families", delegation=unit):
        rules = rules_named(festival)
        views = views_of(rules, delegation_named(rules, unit) if unit else None)
        rows = [
            {
                "family": item.family.code,
                "delegation": item.family.delegation.code,
                "state": item.family.state.value,
                "version": item.family.version,
                "name": item.family.name,
                "members": len(item.family.members),
                "lacks": [say(lack.reason) for lack in item.lacks],
                "link": f"{config.public_url}/g/{of_families.link_code(item.family)}",
            }
            for item in views
            if state is None or item.family.state.value == state
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        words = say(STATE_WORDS[FamilyState(str(row["state"]))])
        click.echo(f"{row['family']}\t{words}\t{row['name']}\t{row['members']}\t{row['link']}")


@registration_cli.command("submit")
@click.argument("families", nargs=-1)
@FESTIVAL
@UNIT
@click.option("--all", "everything", is_flag=True, help="Mọi gia đình đủ hồ sơ của ngày hội (hoặc của --unit).")
def submit(families: tuple[str, ...], festival: str | None, unit: str, everything: bool) -> None:
    """Gửi duyệt các gia đình đủ hồ sơ."""
    with transaction():
        rules = rules_named(festival)
        chosen = _chosen(rules, families, unit, everything)
        said = changing.submit_families(rules, [item for item in chosen if families or item.family.state in SENDABLE])
    _report(said, "đã gửi")


@registration_cli.command("approve")
@click.argument("families", nargs=-1)
@FESTIVAL
@UNIT
@click.option(
    "--all", "everything", is_flag=True, help="Mọi gia đình đủ hồ sơ đang chờ của ngày hội (hoặc của --unit)."
)
def approve(families: tuple[str, ...], festival: str | None, unit: str, everything: bool) -> None:
    """Duyệt các gia đình đang chờ; mỗi gia đình được cấp thẻ."""
    with transaction():
        rules = rules_named(festival)
        said = [
            (item, decisions.approve(rules, item, item.family.version, None))
            for item in _chosen(rules, families, unit, everything)
            if families or item.family.state is FamilyState.SUBMITTED
        ]
    _report(said, "đã duyệt")


def _chosen(rules: Rules, codes: Sequence[str], unit: str, everything: bool) -> list[FamilyView]:
    if codes:
        with known_family():
            return roster_views.views([roster_families.family_by_code(code) for code in codes], rules)
    if not unit and not everything:
        raise click.ClickException("Cần mã gia đình, --unit hoặc --all.")
    return views_of(rules, delegation_named(rules, unit) if unit else None)


def _report(said: Sequence[tuple[FamilyView, Decision | Sending]], words: str) -> None:
    for item, outcome in said:
        click.echo(f"{item.family.code}\t{item.family.name}\t{_said(outcome, words)}")
    done = sum(isinstance(outcome, Done) for _item, outcome in said)
    click.echo(f"{done} trên {len(said)} gia đình {words}.")
    if done < len(said):
        raise SystemExit(1)


def _said(outcome: Decision | Sending, words: str) -> str:
    match outcome:
        case Done():
            return words
        case NotComplete(lacks):
            return "còn thiếu: " + " ".join(say(lack.reason) for lack in lacks)
        case NotSent(why):
            return "chưa gửi được: " + " ".join(say(each.reason) for each in why)
        case NotLookedAt():
            return "giống một hồ sơ đã có: cán bộ hoặc Ban Tổ chức cần cho biết là một nhà hay hai nhà"
        case NotSigned():
            return "chưa có trong danh sách đã ký, hoặc đã đổi từ khi ký"
        case StandsInReserve():
            return "là gia đình dự bị: Ban Tổ chức nhận hoặc gọi lên trên trang của hồ sơ"
        case StandsInLine():
            return "đứng trong danh sách chờ của đoàn: đến lượt thì được mời"
        case QuotaFull("", most, people=True):
            return f"đoàn nhiều nhất {most} người"
        case QuotaFull(contest, most, people=True):
            return f"phần thi {contest}: đoàn nhiều nhất {most} người dự thi"
        case QuotaFull(contest, most):
            return f"hết chỉ tiêu ({most}) {contest}".rstrip()
        case Stale(state=state):
            return f"không được, hiện là “{say(STATE_WORDS[state])}”"
        case _:
            assert_never(outcome)


@registration_cli.command("passes")
@FESTIVAL
@UNIT
def passes(festival: str | None, unit: str) -> None:
    """In các thẻ còn hiệu lực dạng JSON: của ai, nội dung mã QR, mã gõ tay, mã trong danh sách. Cần giữ kín."""
    with reading_secrets(SecurityKind.EXPORT, what="passes", delegation=unit):
        rules = rules_named(festival)
        delegation = delegation_named(rules, unit) if unit else None
        families = {item.family.id: item.family for item in views_of(rules, delegation)}
        groups = {each.id: each for each in delegations.delegations(rules.festival.id)}
        rows = []
        for row in passes_queries.passes(rules.festival.id, delegation.id if delegation else None):
            owner, owner_id = tokens.owner_of(row)
            code = str(owner_id)
            if owner == "family":
                code = families[owner_id].code if owner_id in families else ""
            elif owner == "delegation":
                code = groups[owner_id].code
            rows.append(
                {
                    "owner": owner,
                    "code": code,
                    "issue": row.issue,
                    "qr": tokens.qr_text(row),
                    "typed": tokens.typed_of(row),
                    "list_id": row.list_id,
                }
            )
    click.echo(json.dumps(rows, ensure_ascii=False, indent=1))


@registration_cli.command("officer")
@click.argument("unit")
@click.argument("login")
@FESTIVAL
@click.option("--remove", is_flag=True, help="Thôi giao đoàn này.")
def officer(unit: str, login: str, festival: str | None, remove: bool) -> None:
    """Giao một đoàn cho tài khoản cán bộ (hoặc thôi giao)."""
    with transaction():
        rules = rules_named(festival)
        delegation = delegation_named(rules, unit)
        user_id = account_named(login)
        if remove:
            assigning.dismiss_officer(rules, delegation, user_id)
        else:
            assigning.assign_officer(rules, delegation, user_id)
    click.echo(f"{delegation.name}: {'thôi giao' if remove else 'giao'} {login}.")
