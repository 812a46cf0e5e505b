"""What becomes of families that were kept for the next edition, when the day they agreed to is over?"""

from __future__ import annotations

from festival.core.transaction import transaction
from festival.privacy import sweeping
from festival.registration.kept import keeping


def erase_kept() -> int:
    """The worker's chore; answers of how many families. Their bytes leave the files with the next sweep of the night."""
    with transaction():
        gone = keeping.erase_past()
    if gone:
        sweeping.mark(at_night=True)
    return gone
