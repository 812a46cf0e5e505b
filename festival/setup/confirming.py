"""What follows is said before it is saved: which page asks, and how does a door know that it was asked?

    if asked := to_confirm(code, edit, look, seen, title=_("Ngày và địa điểm"), trail=[…]):
        return asked
    with transaction():
        save(code, edit, look, seen)

The page keeps everything typed as hidden fields and sends it to the same address. Its two buttons: save all the same,
and back to the form (`going_back()`: the door draws its form from what was typed, saving nothing).
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, request

from festival.setup.pieces import mark
from festival.setup.saving import Edit, Look, preview

CONFIRMED = "confirmed"
BACK = "back_to_form"
_OWN = (CONFIRMED, BACK, "csrf_token")


def going_back() -> bool:
    """Whether somebody pressed the way back on the page that asks."""
    return BACK in request.form


def to_confirm(
    code: str,
    edit: Edit,
    look: Look | None = None,
    seen: str = "",
    *,
    title: str,
    trail: Sequence[tuple[str, str]] = (),
) -> str | None:
    """The page that asks; None when nothing follows, or when exactly this was shown and confirmed. Raises as `preview`."""
    found = preview(code, edit, look, seen)
    told = mark([str(each) for each in found.follows])
    if not found.follows or request.form.get(CONFIRMED) == told:
        return None
    typed = [(name, value) for name, value in request.form.items(multi=True) if name not in _OWN]
    changed_since = CONFIRMED in request.form
    return render_template(
        "setup/confirm.html",
        title=title,
        trail=trail,
        changes=found.changes,
        follows=found.follows,
        typed=typed,
        told=told,
        changed_since=changed_since,
        names=(CONFIRMED, BACK),
    )
