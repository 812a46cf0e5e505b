"""Which permissions does each role hold? The whole table, nothing elsewhere adds to it."""

from __future__ import annotations

from enum import StrEnum

from festival.core.web.access import Permission


class Role(StrEnum):
    """What somebody does at the festival."""

    ORGANISER = "organiser"
    OFFICER = "officer"
    GATE_LEAD = "gate_lead"
    SECRETARY = "secretary"
    CHAIR = "chair"
    JUDGE = "judge"
    STAGE_MANAGER = "stage_manager"
    CARE = "care"
    MC = "mc"


PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ORGANISER: frozenset(
        {
            Permission.OFFICE,
            Permission.ACCOUNTS,
            Permission.DEVICES,
            Permission.GATE_DEVICES,
            Permission.LEAD_DEVICES,
            Permission.PANEL_DEVICES,
            Permission.SEALED_CARDS,
            Permission.CONTESTS,
            Permission.REVIEW,
            Permission.SCHEDULE,
            Permission.STAGE,
            Permission.CHECKIN,
            Permission.RELEASE,
            Permission.ETHNIC,
            Permission.LEDGER,
        }
    ),
    Role.OFFICER: frozenset({Permission.DELEGATION}),
    Role.GATE_LEAD: frozenset({Permission.CHECKIN, Permission.DEVICES, Permission.GATE_DEVICES}),
    Role.SECRETARY: frozenset({Permission.TALLY, Permission.LEDGER, Permission.DEVICES, Permission.PANEL_DEVICES}),
    Role.CHAIR: frozenset({Permission.CHAIR, Permission.LEDGER}),
    Role.JUDGE: frozenset(),
    Role.STAGE_MANAGER: frozenset({Permission.STAGE}),
    Role.CARE: frozenset({Permission.CARE}),
    Role.MC: frozenset({Permission.MC}),
}


def permissions_of(roles: frozenset[Role]) -> frozenset[Permission]:
    """All permissions of several roles together."""
    return frozenset().union(*(PERMISSIONS[role] for role in roles))
