"""What does the first page of the organiser say of the requests that wait?"""

from __future__ import annotations

from flask import url_for

from festival.core.sentence import N_
from festival.office.waiting import WaitingWork
from festival.privacy.requests.queries import waiting


def requests_waiting(festival_id: int) -> WaitingWork | None:
    """How many, and how many of them are past their day."""
    found = waiting(festival_id)
    if not found:
        return None
    late = sum(each.late for each in found)
    words = (
        N_("%(n)s yêu cầu của gia đình đang chờ, %(late)s đã quá hạn", n=len(found), late=late)
        if late
        else N_("%(n)s yêu cầu của gia đình đang chờ", n=len(found))
    )
    return WaitingWork(words, url_for("privacy.requests_list"), N_("Xem và trả lời"), late > 0)
