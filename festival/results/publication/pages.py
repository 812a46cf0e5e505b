"""The organiser's page of what is published before results are: rules and inputs by one act, heads of ledgers by hand."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.queries import contests as contests_of_edition
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, requires
from festival.editions.queries import current_festival, the_festival
from festival.results.blueprint import bp
from festival.results.proof.lines import proof_lines
from festival.results.proof.models import ProofKind
from festival.results.publication.heads import publish_heads_now
from festival.results.publication.rules import publish_rules, rules_now

SHOWN = 60  # lines of heads and results; the public page and its file have them all


@bp.get("/office/publication")
@requires(Permission.RELEASE)
def publication() -> str:
    """What stands, what is another by now, what was published so far."""
    festival = current_festival()
    if festival is None:
        return render_template("layouts/no_edition.html", words=_("Công bố thể lệ, đầu sổ"))
    lines = proof_lines(festival.id)
    states = rules_now(festival, contests_of_edition(festival.id), lines)
    return render_template(
        "results/publication.html",
        festival=festival,
        states=states,
        due=[each for each in states if each.due],
        again=[each for each in states if each.due and each.last is not None],
        heads=[each for each in reversed(lines) if each.what is ProofKind.HEADS][:SHOWN],
        results=[each for each in reversed(lines) if each.what in (ProofKind.RESULT, ProofKind.TAKEN_BACK)][:SHOWN],
        names={each.code: each.name for each in states},
    )


@bp.post("/office/publication/rules")
@requires(Permission.RELEASE)
def publish_rules_now() -> ResponseReturnValue:
    """All that is due, in one act."""
    with transaction():
        rows = publish_rules(the_festival(), request.form.get("reason", ""), acting_user())
        late = sum(each.late for each in rows)
    flash(_("Đã công bố %(n)s dòng.", n=len(rows)), "good")
    if late:
        flash(_("%(n)s dòng công bố sau điểm đầu tiên: trang công bố ghi rõ điều ấy.", n=late), "warn")
    return redirect(url_for("results.publication"), 303)


@bp.post("/office/publication/heads")
@requires(Permission.RELEASE)
def publish_heads_by_hand() -> ResponseReturnValue:
    """The heads as they are now; the evening's come all the same."""
    with transaction():
        row = publish_heads_now(the_festival(), acting_user())
        many = len(row.content["heads"])
    flash(_("Đã công bố %(n)s đầu sổ.", n=many), "good")
    return redirect(url_for("results.publication", _anchor="heads"), 303)
