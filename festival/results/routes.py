"""The doors of results: the panel's pages, the map of who has marked whom, the pages of the whole delegation."""

from __future__ import annotations

from festival.results import amend_pages, panel_pages
from festival.results.amendments import pages as amendment_pages
from festival.results.assigning import plan_pages, relation_pages, scope_pages
from festival.results.award_papers import pages as award_paper_pages
from festival.results.awarding import office_pages as special_pages
from festival.results.awarding import pages as award_pages
from festival.results.awarding import whole_pages as whole_award_pages
from festival.results.blueprint import bp
from festival.results.border import pages as border_pages
from festival.results.cut import pages as cut_pages
from festival.results.delegations import meeting_pages as whole_meeting_pages
from festival.results.delegations import pages, point_pages
from festival.results.explain import pages as explain_pages
from festival.results.ladder import taking_back_pages, unlock_pages
from festival.results.lots import pages as lots_pages
from festival.results.map import pages as map_pages
from festival.results.meeting import pages as meeting_pages
from festival.results.panel import decision_pages, index_pages
from festival.results.paying import line_pages as pay_line_pages
from festival.results.paying import pages as pay_pages
from festival.results.petition_desk import head_pages as petition_head_pages
from festival.results.petition_desk import hour_pages
from festival.results.petition_desk import pages as petition_pages
from festival.results.publication import pages as publication_pages
from festival.results.release import name_pages
from festival.results.replacing import away_pages
from festival.results.replacing import pages as seat_pages
from festival.results.scans import document_pages
from festival.results.scans import pages as scan_pages

__all__ = [
    "amend_pages",
    "amendment_pages",
    "award_pages",
    "award_paper_pages",
    "away_pages",
    "border_pages",
    "lots_pages",
    "bp",
    "decision_pages",
    "document_pages",
    "explain_pages",
    "hour_pages",
    "index_pages",
    "cut_pages",
    "map_pages",
    "meeting_pages",
    "name_pages",
    "pages",
    "panel_pages",
    "pay_line_pages",
    "pay_pages",
    "petition_head_pages",
    "petition_pages",
    "plan_pages",
    "point_pages",
    "publication_pages",
    "scan_pages",
    "relation_pages",
    "scope_pages",
    "seat_pages",
    "special_pages",
    "taking_back_pages",
    "unlock_pages",
    "whole_award_pages",
    "whole_meeting_pages",
]
