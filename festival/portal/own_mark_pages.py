"""The results of a delegation's own entries, for its head by the own link and for its officer."""

from __future__ import annotations

from flask import render_template, request
from flask_babel import gettext as _

from festival.core.text import cut
from festival.core.web.access import Permission, current_actor, head_link, requires
from festival.judging.words import ABSTAIN_WORDS
from festival.portal.blueprint import bp
from festival.portal.own_marks import own_results
from festival.roster.delegations import delegation_by_id, delegation_of
from festival.roster.models import Delegation


@bp.get("/head/results")
@head_link
def head_results() -> str:
    """By the head's own link."""
    return _page(delegation_by_id(current_actor().delegation_id or 0), by_link=True)


@bp.get("/delegation/<code>/results")
@requires(Permission.DELEGATION)
def delegation_results(code: str) -> str:
    """Of one's own delegation."""
    return _page(delegation_of(current_actor(), code), by_link=False)


def _page(delegation: Delegation, *, by_link: bool) -> str:
    return render_template(
        "portal/own_marks.html",
        delegation=delegation,
        festival=delegation.festival,
        by_link=by_link,
        shown=own_results(delegation, cut(request.args.get("contest", ""), 40)),
        not_marked=ABSTAIN_WORDS,
        judge=lambda letter: _("Giám khảo %(letter)s", letter=letter),
    )
