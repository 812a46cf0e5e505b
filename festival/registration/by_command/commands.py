"""What the commands of registration share: their group, and which delegation or family is meant by what was typed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask.cli import AppGroup

from festival.core.names import fold
from festival.core.web.errors import NotFound
from festival.editions.commands import festival_named
from festival.roster import delegations, families, views
from festival.roster import rules as roster_rules
from festival.roster.models import Delegation
from festival.roster.rules import Rules
from festival.roster.views import FamilyView

registration_cli = AppGroup("registration", help="Đăng ký của các gia đình.")

UNIT = click.option("--unit", default="", help="Đoàn: mã trong thể lệ, mã đơn vị, hoặc tên đơn vị không dấu.")


def rules_named(code: str | None) -> Rules:
    return roster_rules.rules_of(festival_named(code))


def short(text: str) -> str:
    """A name as one types it: `Hòn Đất` is `hon-dat`, so is `hon dat`."""
    return "-".join(fold(text).replace("-", " ").split())


def called(delegation: Delegation, rule_code: str | None) -> frozenset[str]:
    """Everything a delegation is called by: its codes, and its name and its unit's as one types them."""
    unit = delegation.unit
    names = (unit.name, unit.full_name, delegation.name, fold(delegation.name).removeprefix("doan "))
    codes = (delegation.code, unit.key, unit.official_code, rule_code)
    return frozenset(code.lower() for code in codes if code) | {short(name) for name in names if name}


def delegation_named(rules: Rules, unit: str) -> Delegation:
    """The one delegation that is called so; ClickException with what there is, when it is none or several."""
    if not unit.strip():
        raise click.ClickException(
            "Cần --unit: mã đoàn, mã đơn vị hoặc tên đơn vị. Xem: flask registration delegations"
        )
    listed = delegations.delegations(rules.festival.id)
    codes = {each["name"]: each["code"] for each in rules.festival.ruleset.get("delegations", [])}
    asked = {unit.strip().lower(), short(unit)}
    found = [each for each in listed if asked & called(each, codes.get(each.name))]
    if len(found) == 1:
        return found[0]
    if not found:
        raise click.ClickException(f"Không có đoàn nào ứng với «{unit}». Xem: flask registration delegations")
    several = ", ".join(f"{each.name} ({each.unit.key})" for each in found)
    raise click.ClickException(f"«{unit}» có thể là {several}. Ghi mã trong ngoặc.")


@contextmanager
def known_family() -> Iterator[None]:
    """What is looked up here is a code somebody typed."""
    try:
        yield
    except NotFound as missing:
        raise click.ClickException("Không có gia đình mang mã này. Xem: flask registration list") from missing


def views_of(rules: Rules, delegation: Delegation | None) -> list[FamilyView]:
    """The families of a delegation, or of all."""
    listed = [delegation] if delegation else delegations.delegations(rules.festival.id)
    return [item for each in listed for item in views.views(families.families_of(each.id), rules)]
