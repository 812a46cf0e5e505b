"""What is taken off an entry beside its marks?"""

from __future__ import annotations

from dataclasses import dataclass

from festival.core.sentence import N_
from festival.editions.rules.document import Node


@dataclass(frozen=True, slots=True)
class OvertimeRule:
    """`minus_milli` off for each minute begun after the time allowed plus the grace, `limit_milli` at most."""

    grace_s: int
    minus_milli: int
    limit_milli: int | None


@dataclass(frozen=True, slots=True)
class UndertimeRule:
    """`minus_milli` off for each minute begun that an act is shorter than `least_s`, `limit_milli` at most."""

    least_s: int
    minus_milli: int
    limit_milli: int | None


@dataclass(frozen=True, slots=True)
class DeductionRule:
    """What the secretary may take off by name and with a reason: «Đạo cụ bị cấm», 1 point."""

    code: str
    name: str
    points_milli: int


def read_overtime(node: Node) -> OvertimeRule | None:
    if node.value is None or not node.shaped("overtime"):
        return None
    return OvertimeRule(
        node.at("grace_s").whole(0, 3600),
        node.at("minus_per_started_minute").points(least=1),
        node.at("limit").points(least=1) if node.has("limit") else None,
    )


def read_undertime(node: Node) -> UndertimeRule | None:
    if node.value is None or not node.shaped("undertime"):
        return None
    return UndertimeRule(
        node.at("least_s").whole(1, 36_000),
        node.at("minus_per_started_minute").points(least=1),
        node.at("limit").points(least=1) if node.has("limit") else None,
    )


def read_deductions(node: Node) -> tuple[DeductionRule, ...]:
    rules = node.many(
        "deduction",
        lambda each: DeductionRule(each.at("code").code(), each.at("name").text(), each.at("points").points(least=1)),
    )
    codes = [each.code for each in rules]
    for at, code in enumerate(codes):
        if code in codes[:at]:
            node._replace(path=f"{node.path}[{at}].code").wrong(N_("mã «%(code)s» có hai lần", code=code))
    return rules
