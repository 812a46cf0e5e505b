"""Are invitations and requests for accounts those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.core.database import db
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.registration.inviting.invited_recorded import InvitedRecord
from festival.registration.inviting.models import AccountRequest, Invitation
from festival.roster.models import Delegation
from festival.roster.steps import stream

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def _streams() -> dict[str, int]:
    return {stream(festival): festival.id for festival in db.session.scalars(select(Festival))}


class InvitedReplay:
    """One festival's lines against its invitations and requests."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = InvitedRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        there = set(db.session.scalars(select(Delegation.code).where(Delegation.festival_id == self._festival)))
        for key in [key for key in self._record.invitations.rows if key[0] not in there]:
            self._record.invitations.drop(key)  # a delegation that nobody was in may go
        yield from compare(self._record.invitations, self._invitations(), counts)
        yield from compare(self._record.requests, self._requests(), counts)

    def _invitations(self) -> Found:
        wanted = (
            select(Delegation.code, Invitation.issue, Invitation.revoked_at, Invitation.expires_at)
            .join(Invitation, Invitation.delegation_id == Delegation.id)
            .where(Delegation.festival_id == self._festival)
        )
        for row in db.session.execute(wanted):
            revoked, until = row.revoked_at is not None, row.expires_at.isoformat()
            yield (row.code,), {"issue": row.issue, "revoked": revoked, "until": until}

    def _requests(self) -> Found:
        columns = (AccountRequest.code, AccountRequest.state, AccountRequest.version, AccountRequest.decided_by)
        wanted = select(*columns).join(Delegation, Delegation.id == AccountRequest.delegation_id)
        for row in db.session.execute(wanted.where(Delegation.festival_id == self._festival)):
            yield (row.code,), {**row._asdict(), "state": row.state.value}


OF_LINK = N_("Liên kết mời của đoàn «%(name)s», %(what)s", "seal_invitation")
OF_REQUEST = N_("Yêu cầu tài khoản của đoàn «%(name)s», %(what)s", "seal_account_request")
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "issue": N_("lần cấp", "seal_invitation_issue"),
    "revoked": N_("đã thu hồi", "seal_invitation_revoked"),
    "until": N_("ngày hết hạn", "seal_invitation_until"),
    "state": N_("trạng thái", "seal_state"),
    "version": N_("số bản", "seal_version_number"),
    "decided_by": N_("người quyết định", "seal_decided_by"),
}


def _words(differences: Sequence[SealDifference]) -> list[Sentence]:
    keys = {str(each.key[0]) for each in differences}
    of_links = select(Delegation.code, Delegation.name).where(Delegation.code.in_(keys))
    of_requests = (
        select(AccountRequest.code, Delegation.name)
        .join(Delegation, Delegation.id == AccountRequest.delegation_id)
        .where(AccountRequest.code.in_(keys))
    )
    names: dict[str, str] = {
        row.code: row.name for query in (of_links, of_requests) for row in db.session.execute(query)
    }
    return [
        (OF_LINK if each.table == "invitation" else OF_REQUEST).filled(
            name=names.get(str(each.key[0]), str(each.key[0])), what=COLUMNS[each.column]
        )
        for each in differences
    ]


SEAL = Seal("invitations", "decisions:", _streams, InvitedReplay, _words)
