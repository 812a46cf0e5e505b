"""Which pages of the office may this account open? One list, drawn by the office layout and by the dashboard.

The address plan and the permissions are those of the routes; tests/office holds each entry against the URL map.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import g
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from festival.core.web.access import Actor, Permission
from festival.editions.queries import current_festival


@dataclass(frozen=True, slots=True)
class MenuItem:
    """One line of the list: where it leads, in which words, with which icon, and who may see it."""

    href: str
    words: LazyString
    symbol: str
    permission: Permission
    of_an_edition: bool = False  # it shows the current edition and is nothing without one
    apart: int = 0  # lines of one number stand together, a thin line between them and the next
    also: tuple[str, ...] = ()  # beginnings of other addresses whose pages are reached from this one

    def here(self, path: str) -> bool:
        """Is this page this line's, or one of those behind it?"""
        below = () if self.href == "/office" else (self.href, *self.also)
        return path == self.href or any(path == each or path.startswith(f"{each}/") for each in below)


BEHIND_CHECKIN = (
    "/office/arrived", "/office/desk", "/office/lost", "/office/lost-link", "/office/paper-day", "/office/purposes",
)  # fmt: skip
BEHIND_REVIEW = (
    "/office/delegations", "/office/figures", "/office/joining", "/office/places", "/office/signing", "/office/substitutions",
    "/office/teams", "/office/waiting-list",
)  # fmt: skip

MENU = (
    MenuItem("/office", _l("Tổng quan"), "home", Permission.OFFICE),
    MenuItem("/office/setup", _l("Lập ngày hội"), "edit", Permission.OFFICE),
    MenuItem(
        "/office/registrations",
        _l("Đăng ký"),
        "family",
        Permission.REVIEW,
        of_an_edition=True,
        apart=1,
        also=BEHIND_REVIEW,
    ),
    MenuItem("/office/badges", _l("Người ngoài gia đình"), "people", Permission.OFFICE, of_an_edition=True, apart=1),
    MenuItem("/delegation", _l("Đoàn dự thi"), "people", Permission.DELEGATION, apart=1),
    MenuItem(
        "/office/messages",
        _l("Thông báo và tin"),
        "mail",
        Permission.OFFICE,
        of_an_edition=True,
        apart=1,
        also=("/office/help-lines", "/office/posts"),
    ),
    MenuItem("/office/contests", _l("Phần thi"), "star", Permission.CONTESTS, apart=2),
    MenuItem("/office/schedule", _l("Bốc thăm và lịch thi"), "calendar", Permission.SCHEDULE, apart=2),
    MenuItem("/office/stage", _l("Điều hành sân khấu"), "clock", Permission.STAGE, of_an_edition=True, apart=2),
    MenuItem("/office/acts", _l("Tiết mục"), "stage", Permission.STAGE, of_an_edition=True, apart=2),
    MenuItem("/office/logistics", _l("Đi lại, ăn ở"), "place", Permission.OFFICE, of_an_edition=True, apart=3),
    MenuItem("/care", _l("Bếp ăn và y tế"), "shield", Permission.CARE, of_an_edition=True, apart=3),
    MenuItem(
        "/office/checkin", _l("Điểm danh"), "gate", Permission.CHECKIN, of_an_edition=True, apart=4, also=BEHIND_CHECKIN
    ),
    MenuItem("/office/gates", _l("Trưởng cổng"), "eye", Permission.CHECKIN, of_an_edition=True, apart=4),
    MenuItem(
        "/panel", _l("Ban giám khảo"), "judge", Permission.TALLY, of_an_edition=True, apart=5, also=("/petitions",)
    ),
    MenuItem(
        "/panel", _l("Người dẫn chương trình"), "sound", Permission.MC, of_an_edition=True, apart=5, also=("/mc",)
    ),
    MenuItem(
        "/office/results",
        _l("Kết quả và trao giải"),
        "medal",
        Permission.RELEASE,
        of_an_edition=True,
        apart=5,
        also=("/office/award-papers", "/office/certificates", "/office/papers", "/office/special-awards", "/petitions"),
    ),
    MenuItem("/office/report", _l("Báo cáo kết quả"), "list", Permission.OFFICE, of_an_edition=True, apart=5),
    MenuItem("/office/devices", _l("Thiết bị"), "device", Permission.DEVICES, of_an_edition=True, apart=6),
    MenuItem("/office/ledger", _l("Sổ ghi"), "lock", Permission.LEDGER, apart=6),
    MenuItem("/office/system", _l("Máy chủ"), "sync", Permission.LEDGER, apart=6),
    MenuItem("/office/people", _l("Tài khoản"), "person", Permission.ACCOUNTS, apart=6),
    MenuItem("/office/security", _l("Nhật ký an ninh"), "shield", Permission.ACCOUNTS, apart=6),
    MenuItem("/office/after", _l("Sau ngày hội"), "check", Permission.OFFICE, of_an_edition=True, apart=7),
    MenuItem("/office/editions", _l("Các kỳ ngày hội"), "calendar", Permission.OFFICE, apart=7),
    MenuItem("/office/privacy", _l("Dữ liệu cá nhân"), "lock", Permission.OFFICE, of_an_edition=True, apart=7),
)


def menu_here(actor: Actor) -> list[MenuItem]:
    """The menu of a page; one that says that the database does not answer does not ask it."""
    return office_menu(actor, edition=bool(g.get("out_of_order")) or current_festival() is not None)


def office_menu(actor: Actor, *, edition: bool = True) -> list[MenuItem]:
    """The lines this account may open, in the order of the work; before there is an edition only what works without one.

    Where two of its roles lead to one page, that page is named once.
    """
    lines = [item for item in MENU if actor.may(item.permission) and (edition or not item.of_an_edition)]
    return list({item.href: item for item in reversed(lines)}.values())[::-1]
