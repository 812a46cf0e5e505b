"""What does the file say of the edition around its contests: days, quotas, delegations, sources, special prizes?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from festival.core.sentence import N_
from festival.editions.rules.document import Node, Span
from festival.editions.rules.petitions import PetitionRule, read_petitions


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read."""

    url: str | None
    what: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class FestivalRule:
    """The edition itself."""

    code: str
    name: str
    short_name: str
    ordinal: str | None
    theme: str | None
    organiser: str
    host: str | None
    venue: str | None
    starts_on: date
    ends_on: date
    registration_closes_on: date | None
    data_kept_until: date | None
    help_line: str | None
    commune_contest: bool = False
    petitions: PetitionRule | None = None


@dataclass(frozen=True, slots=True)
class QuotasRule:
    """Limits for registration; None is no limit."""

    families_per_delegation: Span | None
    members_per_family: Span | None
    contests_per_family: Span | None


@dataclass(frozen=True, slots=True)
class DelegationRule:
    """A delegation expected at the festival; a school or an agency has no official unit code."""

    code: str
    name: str
    unit_code: str | None


class SpecialBy(StrEnum):
    """Which fact names who a special prize is for. Without one the panel chooses."""

    MOST_GENERATIONS = "most_generations"
    YOUNGEST_PERFORMER = "youngest_performer"
    OLDEST_PERFORMER = "oldest_performer"
    MOST_MEMBERS = "most_members"
    CRITERION = "criterion"  # the highest mean in one criterion of its contest


@dataclass(frozen=True, slots=True)
class SpecialPrizeRule:
    """A prize outside the ranking. `by` proposes who receives it; giving it stays a recorded act."""

    name: str
    contest: str | None
    by: SpecialBy | None = None
    criterion: str | None = None


def read_source(node: Node) -> Source:
    if not (node.has("url") or node.has("what")):
        node.wrong(N_("nguồn phải có url hoặc what"))
    return Source(node.at("url").maybe_text(), node.at("what").maybe_text(), node.at("date").maybe_text())


def read_festival(node: Node) -> FestivalRule:
    name = node.at("name").text()
    starts_on, ends_on = node.at("starts_on").day(), node.at("ends_on").day()
    closes_on = node.at("registration_closes_on").day() if node.has("registration_closes_on") else None
    kept_until = node.at("data_kept_until").day() if node.has("data_kept_until") else None
    if kept_until and kept_until <= ends_on:
        node.at("data_kept_until").wrong(N_("ngày xóa dữ liệu phải sau ngày kết thúc"))
    if ends_on < starts_on:
        node.at("ends_on").wrong(N_("ngày kết thúc trước ngày khai mạc"))
    if closes_on and closes_on > starts_on:
        node.at("registration_closes_on").wrong(N_("hạn đăng ký sau ngày khai mạc"))
    return FestivalRule(
        code=node.at("code").code(),
        name=name,
        short_name=node.at("short_name").maybe_text() or name,
        ordinal=node.at("ordinal").maybe_text(),
        theme=node.at("theme").maybe_text(),
        organiser=node.at("organiser").text(),
        host=node.at("host").maybe_text(),
        venue=node.at("venue").maybe_text(),
        starts_on=starts_on,
        ends_on=ends_on,
        registration_closes_on=closes_on,
        data_kept_until=kept_until,
        help_line=node.at("help_line").maybe_text(),
        commune_contest=node.at("commune_contest").truth(default=False),
        petitions=read_petitions(node),
    )


def read_quotas(node: Node) -> QuotasRule:
    if node.value is not None:
        node.shaped("quotas")
    return QuotasRule(
        node.at("families_per_delegation").span(0, 10_000),
        node.at("members_per_family").span(1, 100),
        node.at("contests_per_family").span(0, 100),
    )


def read_delegation(node: Node) -> DelegationRule:
    return DelegationRule(node.at("code").code(), node.at("name").text(), node.at("unit_code").maybe_text())


def read_special_prize(node: Node) -> SpecialPrizeRule:
    by = node.at("by").one_of(SpecialBy) if node.has("by") else None
    criterion = node.at("criterion").maybe_text()
    if (by is SpecialBy.CRITERION) != (criterion is not None):
        node.at("criterion").wrong(N_("by = criterion cần mã của một tiêu chí; cách khác không dùng khóa này"))
    if by is SpecialBy.CRITERION and not node.has("contest"):
        node.at("contest").wrong(N_("tiêu chí là của một phần thi: ghi mã phần thi"))
    return SpecialPrizeRule(node.at("name").text(), node.at("contest").maybe_text(), by, criterion)
