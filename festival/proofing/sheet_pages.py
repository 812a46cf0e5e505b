"""How far is each delegation with its names; a delegation's sheet printed, shown again, signed, annulled.

The organiser works here at reception; the officer of a delegation sees the same of the own one and changes nothing.
"""

from __future__ import annotations

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.core.looks import looked
from festival.core.numbers import typed_number
from festival.core.security_log import SecurityKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires
from festival.core.web.errors import BadInput
from festival.core.web.i18n import say
from festival.editions.queries import the_festival
from festival.papers.files import kept_file
from festival.papers.models import PaperState
from festival.proofing import queries, sheets
from festival.proofing.blueprint import bp
from festival.proofing.names import ProofState, changed_since
from festival.proofing.queries import DelegationProof
from festival.proofing.words import KIND_WORDS, SHEET_WORDS, STATE_TONES, STATE_WORDS
from festival.roster import delegations as roster_delegations
from festival.roster.models import Delegation


@bp.app_context_processor
def _shown() -> dict[str, object]:
    return {
        "proof_words": lambda proof: (
            say(STATE_WORDS[proof.state].filled(n=len(proof.unproofed)))
            if proof.state is ProofState.CHANGED
            else say(STATE_WORDS[proof.state])
        ),
        "proof_tone": lambda proof: STATE_TONES[proof.state],
        "sheet_words": lambda sheet: say(SHEET_WORDS[sheet.state]),
        "name_kind": lambda name: say(KIND_WORDS[name.kind]),
    }


@bp.get("/office/names")
@requires(Permission.REVIEW)
def index() -> ResponseReturnValue:
    """All delegations and how far each is."""
    festival = the_festival()
    proofs = queries.proofs(roster_delegations.delegations(festival.id))
    counts = {state: sum(each.state is state for each in proofs) for state in ProofState}
    return render_template("proofing/index.html", festival=festival, proofs=proofs, counts=counts)


@bp.get("/office/names/<code>")
@requires(Permission.REVIEW)
def delegation(code: str) -> ResponseReturnValue:
    """One delegation: its state, what has changed since, its sheets, and the next step."""
    return _page(roster_delegations.delegation_by_code(code), may_change=True)


@bp.get("/delegation/<code>/names")
@requires(Permission.DELEGATION)
def officer_page(code: str) -> ResponseReturnValue:
    """The same for the officer of this delegation, to look at."""
    return _page(roster_delegations.delegation_of(current_actor(), code), may_change=False)


def _page(of: Delegation, *, may_change: bool) -> str:
    (proof,) = queries.proofs([of])
    listed = sheets.sheets_of(of.id)
    waits = next((each for each in listed if each.state is PaperState.PRINTED), None)
    differs = changed_since(waits.names, proof.names) if waits is not None else frozenset()
    return render_template(
        "proofing/delegation.html",
        delegation=of,
        proof=proof,
        sheets=listed,
        waits=waits,
        in_force=next((each for each in listed if each.state is PaperState.SIGNED), None),
        differs=[name for name in proof.names if name.key in differs],
        gone=len(differs - {name.key for name in proof.names}),
        print_again=_print_again(proof, bool(waits), differs),
        may_change=may_change,
    )


def _print_again(proof: DelegationProof, waits: bool, differs: frozenset[str]) -> bool:
    """Whether a new sheet would say something the last one does not."""
    return bool(differs) if waits else proof.state is not ProofState.SIGNED


@bp.post("/office/names/<code>/print")
@requires(Permission.REVIEW)
def print_sheet(code: str) -> ResponseReturnValue:
    """Keep the sheet as it is to be signed; drawing it is work that no transaction should wait for."""
    with reading():
        of = roster_delegations.delegation_by_code(code)
        delegation_id, sheet = of.id, sheets.draw_sheet(of)
    with transaction():
        number = sheets.print_sheet(delegation_id, sheet, acting_user()).number
    flash(_("Tờ số %(number)s đã sẵn sàng. Mở tờ PDF để in, đưa trưởng đoàn dò từng tên.", number=number), "good")
    return redirect(url_for("proofing.delegation", code=code), 303)


@bp.get("/office/names/<code>/sheets/<int:paper_id>")
@requires(Permission.REVIEW)
def sheet(code: str, paper_id: int) -> ResponseReturnValue:
    """A kept sheet, byte for byte."""
    return _kept(roster_delegations.delegation_by_code(code), paper_id)


@bp.get("/delegation/<code>/names/sheets/<int:paper_id>")
@requires(Permission.DELEGATION)
def officer_sheet(code: str, paper_id: int) -> ResponseReturnValue:
    """The same for the officer of this delegation."""
    return _kept(roster_delegations.delegation_of(current_actor(), code), paper_id)


def _kept(of: Delegation, paper_id: int) -> Response:
    found = sheets.sheet_in(of, paper_id)
    looked(SecurityKind.EXPORT, what="names", delegation=of.code)
    return kept_file(found.content, found.sha256, f"ban-do-ten-{of.code}-{found.number}.pdf")


@bp.post("/office/names/<code>/sign")
@requires(Permission.REVIEW)
def sign(code: str) -> ResponseReturnValue:
    """The head has signed the printed sheet."""
    paper_id = _paper()
    with transaction():
        of = roster_delegations.delegation_by_code(code)
        changed = sheets.sign_sheet(of.id, paper_id, request.form.get("signer", ""), acting_user())
    if changed:
        flash(
            _(
                "Đã ghi tờ đã ký. %(n)s tên trên tờ khác tên hiện nay nên chưa tính là đã dò: in tờ mới để ký các tên đó.",
                n=len(changed),
            ),
            "warn",
        )
    else:
        flash(_("Đã ghi tờ đã ký. Các tên trên tờ đều đã dò."), "good")
    return redirect(url_for("proofing.delegation", code=code), 303)


@bp.post("/office/names/<code>/annul")
@requires(Permission.REVIEW)
def annul(code: str) -> ResponseReturnValue:
    """A sheet that was signed by mistake vouches for nothing any more."""
    paper_id = _paper()
    with transaction():
        of = roster_delegations.delegation_by_code(code)
        before = sheets.annul_sheet(of.id, paper_id, request.form.get("reason", ""), acting_user())
        restored = "" if before is None else before.number
    if restored:
        flash(_("Đã bỏ tờ đã ký. Tờ số %(number)s ký trước đó có hiệu lực trở lại.", number=restored), "good")
    else:
        flash(_("Đã bỏ tờ đã ký. Các tên của đoàn lại chờ dò."), "good")
    return redirect(url_for("proofing.delegation", code=code), 303)


def _paper() -> int:
    number = typed_number(request.form.get("paper", ""))
    if number is None:
        raise BadInput()
    return number
