"""Every reading that was refused at a gate: how many for which reason, and each with its gate and hour."""

from __future__ import annotations

from flask import render_template, request

from festival.checkin.lead.models import GateChoice
from festival.checkin.lead.refusal_words import WHY_WORDS
from festival.checkin.lead.refused import refused_counts, refused_lines
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.web.access import Permission, requires
from festival.editions.queries import the_festival
from festival.office.gates.blueprint import bp
from festival.office.gates.words import purpose_names


@bp.get("/refused")
@requires(Permission.CHECKIN)
def refused() -> str:
    """The latest first; `?why=` those of one reason. Who looks at whose pass it was is noted."""
    festival = the_festival()
    counts = refused_counts(festival.id)
    why = request.args.get("why", "")
    why = why if why in counts.reasons else ""
    lines, part = refused_lines(festival.id, why)
    if any(line.about for line in lines):
        looked(SecurityKind.LOOKED_UP, festival=festival.code, what="refused")
    return render_template(
        "office/gates/refused.html",
        lines=lines,
        part=part,
        why=why,
        counts=counts,
        every=sum(counts.reasons.values()),
        why_words=WHY_WORDS,
        purposes=purpose_names(festival.id),
        GateChoice=GateChoice,
    )
