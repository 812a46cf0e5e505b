"""The doors of registration: the officer's pages, the family's own, the organiser's review."""

from __future__ import annotations

from festival.registration.blueprint import bp
from festival.registration.family import editor, form, head_link, link, receiver_page, withdrawing
from festival.registration.lost_link import pages as lost_link_pages
from festival.registration.officer import (
    agreement_pages,
    excel_pages,
    head_link_pages,
    list_pages,
    look_pages,
    receiver_pages,
    typing_pages,
    waiting_pages,
)
from festival.registration.review import agreement_pages as review_agreement_pages
from festival.registration.review import delegation_pages, desk_pages, pages
from festival.registration.review import look_pages as review_look_pages

__all__ = [
    "agreement_pages",
    "bp",
    "delegation_pages",
    "desk_pages",
    "editor",
    "excel_pages",
    "form",
    "head_link",
    "head_link_pages",
    "link",
    "list_pages",
    "look_pages",
    "lost_link_pages",
    "pages",
    "receiver_page",
    "receiver_pages",
    "review_agreement_pages",
    "review_look_pages",
    "typing_pages",
    "waiting_pages",
    "withdrawing",
]
