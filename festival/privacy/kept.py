"""Which columns hold something of a person, and what happens to each on the day the data is erased?

Every column that can hold words stands here, in one of the two lists; a test walks all tables, so a new column without a
line fails. Pure. The statements are in `erasing`.

Who registers with the festival: emptied or deleted on the day of the data. SEALED are the records of the organising body
(what a panel decided, signed minutes): they stay, for the organiser only, until the day of the papers. Accounts of
those who work for the festival belong to the next edition too and are not data of an edition; the security log has a
time of its own.
"""

from __future__ import annotations

from enum import StrEnum


class Ending(StrEnum):
    """What becomes of a personal column on the day of the data."""

    EMPTIED = "emptied"  # the row stays, with a number in place of a name
    DELETED = "deleted"  # the whole row goes
    SEALED = "sealed"  # stays until the day of the papers
    STAFF = "staff"  # of an account, not of an edition


PERSONAL: dict[str, tuple[Ending, tuple[str, ...]]] = {
    "announcement": (Ending.EMPTIED, ("words", "earlier")),
    "award": (Ending.EMPTIED, ("name",)),
    "border_check": (Ending.EMPTIED, ("reason",)),
    "border_typing": (Ending.SEALED, ("settled", "names")),
    "badge_holder": (Ending.EMPTIED, ("honorific", "title", "seat", "identity")),
    "badge_import": (Ending.DELETED, ("file_name", "rows")),
    "bracket_draw": (Ending.EMPTIED, ("ended_why",)),
    "child_step": (Ending.DELETED, ("words",)),
    "consent": (Ending.EMPTIED, ("given_by",)),
    "delegation": (Ending.EMPTIED, ("head_name", "head_phone", "link_hash")),
    "allergy": (Ending.DELETED, ("words",)),
    "delegation_stay": (Ending.EMPTIED, ("plate", "driver_phone")),
    "deduction": (Ending.EMPTIED, ("reason", "taken_back_reason")),
    "departure": (Ending.EMPTIED, ("entries",)),  # who led instead, and was related how
    "device": (Ending.EMPTIED, ("name",)),
    "device_note": (Ending.EMPTIED, ("detail",)),
    "device_shift": (Ending.EMPTIED, ("holder",)),
    "edition_state": (Ending.EMPTIED, ("reason",)),
    "entry": (Ending.EMPTIED, ("name", "title")),
    "ethnic_group": (Ending.EMPTIED, ("group_code", "given_by")),
    "family": (
        Ending.EMPTIED,
        ("name", "folded", "phone", "email", "address", "introduction", "return_reason", "submission_key", "submission_digest", "identity", "link_hash"),
    ),
    "family_change": (Ending.EMPTIED, ("stood", "wanted", "why", "reason")),
    "gate_decision": (Ending.EMPTIED, ("reason",)),
    "handout": (Ending.EMPTIED, ("receiver", "reason")),
    "incident_word": (Ending.EMPTIED, ("word",)),
    "import_batch": (Ending.DELETED, ("token_hash", "file_name", "households")),
    "jury_decision": (Ending.SEALED, ("reason", "names")),
    "ledger_payload": (Ending.EMPTIED, ("salt", "content")),
    "measure_seen": (Ending.EMPTIED, ("note",)),  # what a team disputed, why on paper
    "mutation": (Ending.EMPTIED, ("subject", "body", "detail")),
    "outbox_mail": (Ending.DELETED, ("message_id", "recipient", "subject", "body", "attachments", "error", "language", "about")),
    "name_confirmation": (Ending.EMPTIED, ("names", "reason")),
    "person": (Ending.EMPTIED, ("name", "folded", "relation", "born_on", "birth_year", "sex", "phone", "needs")),
    "plan": (Ending.EMPTIED, ("content", "note")),
    "privacy_request": (Ending.EMPTIED, ("said", "answer", "outcome")),
    "refused_sheet": (Ending.EMPTIED, ("content",)),
    "registration_draft": (Ending.DELETED, ("token_hash", "content")),
    "retention": (Ending.EMPTIED, ("held",)),
    "declared_relation": (Ending.STAFF, ("words",)),
    "relation_dismissed": (Ending.STAFF, ("reason",)),
    "score_sheet": (Ending.EMPTIED, ("note",)),
    "sheet_comment": (Ending.EMPTIED, ("said", "held")),
    "sheet_confirmation": (Ending.EMPTIED, ("reason",)),
    "sheet_revision": (Ending.EMPTIED, ("content",)),
    "signed_paper": (Ending.SEALED, ("content", "signers", "reason", "names", "photo")),
    "slip_decision": (Ending.EMPTIED, ("reason",)),
    "slip_photo": (Ending.SEALED, ("content",)),
    "slip_typing": (Ending.EMPTIED, ("note",)),
    "standing": (Ending.EMPTIED, ("reasons",)),
    "standing_amendment": (Ending.SEALED, ("before", "standings", "reason")),
    "state_change": (Ending.EMPTIED, ("note",)),
    "seat_replacement": (Ending.STAFF, ("reason", "taken_back_why")),
    "sign_in": (Ending.STAFF, ("browser",)),
    "unavailability": (Ending.STAFF, ("reason",)),
    "unlocking": (Ending.EMPTIED, ("reason", "locked_note")),
    "user_account": (Ending.STAFF, ("login", "name", "phone", "password_hash")),
    "whole_minutes": (Ending.SEALED, ("standings",)),
}  # fmt: skip

# Words that are nobody's: codes, rules, names of units, contests and stages, hashes.
IMPERSONAL: dict[str, tuple[str, ...]] = {
    "account_pin": ("pin_hash",),
    "admission": ("purpose", "day_window"),
    "announcement": ("typed_key", "entry_code"),
    "award": ("prize", "delegation"),
    "badge_import": ("code",),
    "badge_kind": ("code", "word", "folded", "symbol", "colour"),
    "badge_list": ("code", "name", "folded"),
    "border_check": ("seed", "slips"),
    "border_typing": ("marks",),
    "bracket_draw": ("seed", "lines"),
    "card_back": ("help_lines", "directions", "map_link"),
    "child_step": ("key", "child", "kind", "station", "undoes"),
    "consent": ("given_as", "method", "withdrawn_how"),
    "consent_text": ("body",),
    "contest": (
        "code", "ledger_name", "name", "part_code", "part_name", "published", "bracket", "questions", "points_scale", "aggregate", "drop_below",
        "drop_by_panel", "all_dropped", "rounding", "attempts_count", "deductions", "marked_by_both", "counters_take", "unit_label",
        "tie_ladder", "place_points", "prizes", "special_prizes", "corrections", "paper_typing", "confirming",
        "after", "cut", "sum_by", "sum_of", "plates_of",
    ),
    "criterion": ("code", "name", "descriptor", "part"),
    "deduction": ("code",),
    "day_off": ("day", "name"),
    "delegation": ("code", "name", "rule_code"),
    "delegation_stay": ("place", "nights_from", "nights_until", "bring", "bus_home"),
    "device": ("code", "station", "token_hash", "public_key", "app"),
    "device_note": ("kind",),
    "device_shift": ("mid",),
    "draw": ("seed", "order"),
    "edition_stay": ("bring", "bus_home"),
    "enrolment_code": ("code_hash", "station"),
    "entry": ("code",),
    "ethnic_group": ("given_as", "method", "withdrawn_how"),
    "family": ("code", "withdrawn_road"),
    "family_change": ("road",),
    "festival": (
        "code", "name", "short_name", "edition", "theme", "organiser", "host", "venue", "starts_on", "ends_on",
        "data_kept_until", "help_line", "ruleset",
    ),
    "final_order": ("places",),
    "gate_decision": ("mid", "choice"),
    "incident_word": ("scans",),
    "gate_purpose": ("code", "name", "classes"),
    "gate_window": ("code", "name"),
    "ground_reading": ("mid", "answers"),
    "handout": ("station", "mid", "root", "items"),
    "held_registration": ("why", "decision"),
    "job": ("code", "kind", "subject", "language", "basis", "error"),
    "judge": ("letter",),
    "jury_decision": ("content",),
    "ledger_check": ("night", "found"),
    "ledger_entry": ("stream", "kind", "subject", "payload_hash", "previous", "hash"),
    "ledger_head": ("stream", "hash"),
    "ledger_payload": ("stream",),
    "link_guard": ("on_day",),
    "lodging_bed": ("batch",),
    "lodging_room": ("house", "name"),
    "meal": ("day",),
    "measure": ("answers",),
    "measure_revision": ("content",),
    "message_sent": ("digest",),
    "mutation": ("mid", "kind", "prev_hash", "digest", "sig", "verdict", "reason", "ledger_stream"),
    "one_time_code": ("token_hash",),
    "pass": ("list_id", "typed_hash"),
    "pass_key": ("fingerprint",),
    "person": ("code",),
    "played_match": ("sets", "before", "mid"),
    "prize_receiver": ("said_how",),
    "privacy_request": ("code", "person_code", "how"),
    "recovery_code": ("code_hash",),
    "refused_sheet": ("mid", "reason"),
    "retention": ("papers_until",),
    "scan": ("gate", "mid", "unknown_list", "purpose", "day_window", "persons", "how", "way"),
    "scan_undo": ("scan_mid",),
    "security_note": ("kind", "actor", "network", "subject", "once"),
    "seat_replacement": ("letter",),
    "session": ("label",),
    "sheet_confirmation": ("digest", "mid"),
    "sheet_revision": ("mid",),
    "sign_in": ("token_hash",),
    "signed_paper": ("number", "sha256", "drawn", "static_tree"),
    "slip_decision": ("options", "kept", "marks"),
    "slip_photo": ("sha256",),
    "slip_typing": ("marks",),
    "stage": ("code", "name"),
    "standing": ("detail",),
    "standing_amendment": ("corrections", "number", "specials_before", "specials"),
    "judge_scope": ("says", "before"),
    "state_change": ("number", "ledger_hash"),
    "unit": ("key", "kind", "name", "folded", "official_code", "valid_from", "valid_to"),
    "unit_succession": ("effective_on",),
    "user_account": ("batch",),
    "whole_minutes": ("number", "contests"),
}  # fmt: skip
