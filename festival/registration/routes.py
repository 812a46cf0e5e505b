"""The doors of registration: the officer's pages, the family's own, the organiser's review."""

from __future__ import annotations

from festival.registration.agreements import parent_pages
from festival.registration.allotting import pages as allotting_pages
from festival.registration.blueprint import bp
from festival.registration.family import (
    change_pages,
    child_screen,
    coming_back,
    editor,
    form,
    head_link,
    kept_page,
    line_answers,
    link,
    parents,
    receiver_page,
    withdrawing,
)
from festival.registration.figures import pages as figures_pages
from festival.registration.inviting import join_pages
from festival.registration.inviting import office_pages as inviting_pages
from festival.registration.lost_link import pages as lost_link_pages
from festival.registration.officer import (
    agreement_pages,
    copy_pages,
    excel_pages,
    head_link_pages,
    list_pages,
    look_pages,
    receiver_pages,
    reserve_pages,
    signing_pages,
    team_pages,
    typing_pages,
    waiting_pages,
    withdrawn_pages,
)
from festival.registration.officer import change_pages as officer_change_pages
from festival.registration.review import agreement_pages as review_agreement_pages
from festival.registration.review import back_pages, delegation_pages, desk_pages, everybody_pages, line_pages, pages
from festival.registration.review import change_pages as review_change_pages
from festival.registration.review import look_pages as review_look_pages
from festival.registration.review import reserve_pages as review_reserve_pages
from festival.registration.review import signing_pages as review_signing_pages
from festival.registration.review import team_pages as review_team_pages

__all__ = [
    "agreement_pages",
    "allotting_pages",
    "back_pages",
    "bp",
    "change_pages",
    "child_screen",
    "coming_back",
    "copy_pages",
    "delegation_pages",
    "desk_pages",
    "editor",
    "everybody_pages",
    "excel_pages",
    "figures_pages",
    "form",
    "head_link",
    "head_link_pages",
    "inviting_pages",
    "join_pages",
    "line_answers",
    "line_pages",
    "kept_page",
    "link",
    "list_pages",
    "look_pages",
    "lost_link_pages",
    "officer_change_pages",
    "pages",
    "parent_pages",
    "parents",
    "receiver_page",
    "receiver_pages",
    "review_agreement_pages",
    "reserve_pages",
    "review_change_pages",
    "review_look_pages",
    "review_reserve_pages",
    "review_team_pages",
    "team_pages",
    "review_signing_pages",
    "signing_pages",
    "typing_pages",
    "waiting_pages",
    "withdrawing",
    "withdrawn_pages",
]
