"""The public list of what the programme changed, version by version."""

from __future__ import annotations

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from festival.core.web.access import public
from festival.core.web.errors import NotFound
from festival.core.web.paging import asked_number, part
from festival.editions.queries import the_festival
from festival.programme.changelog import told, versions
from festival.programme.queries import PublicView
from festival.programme.routes import bp, none_yet
from festival.programme.snapshot import snapshot

CHANGES_A_PAGE = 60
MOST_PAGES = 20  # of one version are kept drawn; a number typed beyond shows the last


@bp.get("/programme/changes")
@public
def changelog() -> ResponseReturnValue:
    """The latest version, and the way to the others."""
    view = snapshot().view()
    if view is None:
        return none_yet("/programme/changes")
    return _page(view, view.version or 0)


@bp.get("/programme/changes/<int(max=9007199254740991):version>")
@public
def changelog_of(version: int) -> ResponseReturnValue:
    """One version."""
    view = snapshot().view()
    if view is None or not view.version or not 1 <= version <= view.version:
        raise NotFound()
    return _page(view, version)


def _page(view: PublicView, version: int) -> Response:
    page = min(max(1, asked_number("page", 1)), MOST_PAGES)
    return snapshot().page(view, f"/programme/changes {version} {page}", lambda: _draw(view, version, page))


def _draw(view: PublicView, version: int, page: int) -> str:
    festival = the_festival()
    shown = told(festival, version) if version else None
    changed = shown.changed or [] if shown else []
    chosen = part(len(changed), CHANGES_A_PAGE, page)
    return render_template(
        "programme/changes.html",
        view=view,
        facts=view.facts,
        versions=versions(festival) if view.version else [],
        shown=shown,
        changed=chosen.of(changed),
        part=chosen,
    )
