"""How is a kept receipt sent to whoever may see it: office, officer, head?"""

from __future__ import annotations

from flask import Response

from festival.checkin.handouts.receipts import receipt_in
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.papers.files import kept_file
from festival.roster.models import Delegation


def shown_receipt(delegation: Delegation, paper_id: int) -> Response:
    """Its bytes as they were printed; the look is noted."""
    found = receipt_in(delegation, paper_id)
    looked(SecurityKind.EXPORT, what="receipt", delegation=delegation.code)
    return kept_file(found.content, found.sha256, f"bien-ban-giao-nhan-{found.number}.pdf")
