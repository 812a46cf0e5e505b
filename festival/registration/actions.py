"""What can happen to a registration? All verbs of this room in one list; each group stands in the module it comes from.

Actions flush and never commit, so they compose inside the one transaction of a door.
"""

from __future__ import annotations

from festival.registration.consents import (
    record_consent,
    withdraw_consent,
)
from festival.registration.decisions import (
    approve,
    approve_complete,
    reject_family,
    return_family,
    undo_approval,
    undo_rejection,
    withdraw_family,
)
from festival.registration.drafts import (
    Imported,
    apply_import,
    clear_draft,
    keep_import,
    save_draft,
    start_draft,
)
from festival.registration.officers import (
    assign_officer,
    dismiss_officer,
)
from festival.registration.outcomes import (
    AlreadyRegistered,
    Bound,
    Decision,
    Done,
    NotComplete,
    QuotaFull,
    Registered,
    Registration,
    SameHousehold,
    Stale,
    Undoing,
)
from festival.registration.passes import (
    issue_pass,
    next_issue,
    reissue_pass,
    replace_link,
)
from festival.registration.registering import (
    change_family,
    register_families,
    register_family,
    submit_family,
)

__all__ = [
    "AlreadyRegistered",
    "Bound",
    "Decision",
    "Done",
    "Imported",
    "NotComplete",
    "QuotaFull",
    "Registered",
    "Registration",
    "SameHousehold",
    "Stale",
    "Undoing",
    "apply_import",
    "approve",
    "approve_complete",
    "assign_officer",
    "change_family",
    "clear_draft",
    "dismiss_officer",
    "issue_pass",
    "keep_import",
    "next_issue",
    "record_consent",
    "register_families",
    "register_family",
    "reissue_pass",
    "reject_family",
    "replace_link",
    "return_family",
    "save_draft",
    "start_draft",
    "submit_family",
    "undo_approval",
    "undo_rejection",
    "withdraw_consent",
    "withdraw_family",
]
