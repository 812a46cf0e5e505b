"""How does somebody ask for an account by an invitation, and how does the organiser confirm, refuse, take either back?

Before it is confirmed there is no account: nothing can be done with what was asked. Of two organisers the second finds another
version. Each step is a line of `decisions:<festival>`.
"""

from __future__ import annotations

import secrets
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload

from festival.accounts.actions import create_user, set_active
from festival.accounts.models import User
from festival.accounts.roles import Role
from festival.accounts.waiting import AccountAsked
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.phones import phone
from festival.core.secrets import new_typed_code, token_hash
from festival.core.statements import insert_or_pass
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.registration.inviting.links import standing_invitation
from festival.registration.inviting.models import AccountRequest, AskedState
from festival.registration.inviting.words import WAITS, refused_said
from festival.registration.officer.assigning import assign_officer, dismiss_officer
from festival.roster.models import Delegation
from festival.roster.rules import rules_of
from festival.roster.steps import stream

MOST_WAITING = 30  # of one delegation
DIGITS = 4


def ask_for_account(code: str, name: str, number: str, password_hash: str, once: str) -> AccountRequest | None:
    """The request, the same however often one form is sent; None when the link leads nowhere. Conflict when too many wait."""
    invitation = standing_invitation(code, lock=True)
    if invitation is None:
        return None
    sent = select(AccountRequest).where(AccountRequest.once_hash == token_hash(once))
    before = db.session.scalar(sent)
    if before is not None:
        return before
    own = (AccountRequest.delegation_id == invitation.delegation_id, AccountRequest.state == AskedState.WAITING)
    if (db.session.scalar(select(func.count(AccountRequest.id)).where(*own)) or 0) >= MOST_WAITING:
        raise Conflict(_("Đoàn này đang có nhiều người chờ xác nhận. Hãy gọi Ban Tổ chức, hoặc thử lại ngày mai."))
    values = {
        "code": new_typed_code(), "delegation_id": invitation.delegation_id, "issue": invitation.issue,
        "once_hash": token_hash(once), "name": name, "phone": number, "password_hash": password_hash,
        "number": f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}", "asked_at": now(),
        "state": AskedState.WAITING, "version": 1, "reason": "",
    }  # fmt: skip
    db.session.execute(insert_or_pass(AccountRequest).values(values).on_conflict_do_nothing())
    made = db.session.scalars(sent).one()
    _note(made, "account.asked", AskedState.WAITING, 1, {})
    return made


def requests_of(festival_id: int) -> list[AccountRequest]:
    """Who asked in this edition: those that wait first, each the newest first."""
    wanted = (
        select(AccountRequest)
        .join(Delegation, Delegation.id == AccountRequest.delegation_id)
        .where(Delegation.festival_id == festival_id)
        .options(joinedload(AccountRequest.delegation))
        .order_by(AccountRequest.id.desc())
    )
    return sorted(db.session.scalars(wanted), key=lambda each: each.state is not AskedState.WAITING)


def request_by_code(code: str) -> AccountRequest:
    """One of them, with its delegation. NotFound."""
    wanted = select(AccountRequest).where(AccountRequest.code == code)
    found = db.session.scalar(wanted.options(joinedload(AccountRequest.delegation).joinedload(Delegation.festival)))
    if found is None:
        raise NotFound()
    return found


def confirm(asked: AccountRequest, seen: int, by: int) -> None:
    """The account is there and registers the delegation. Overtaken; Conflict where the number is somebody's login already."""
    _hold(asked, seen, (AskedState.WAITING, AskedState.REFUSED))
    if asked.user_id is None:
        try:
            user = create_user(asked.phone, asked.name, asked.password_hash, [Role.OFFICER], phone=asked.phone)
        except Conflict as taken:
            raise Conflict(
                _(
                    "Số %(phone)s đã là tên đăng nhập của một tài khoản khác. Chưa ghi gì: nếu là cùng một người, giao đoàn cho tài khoản"
                    " ấy ở trang “Các đoàn”, rồi không nhận yêu cầu này.",
                    phone=asked.phone,
                )
            ) from taken
        user_id = user.id
    else:
        user_id = asked.user_id
        set_active(user_id, True)
    assign_officer(rules_of(asked.delegation.festival), asked.delegation, user_id)
    _step(asked, seen, AskedState.CONFIRMED, by, user_id=user_id, password_hash="", reason="")


def refuse(asked: AccountRequest, reason: str, seen: int, by: int) -> None:
    """Whoever asked reads why. Overtaken."""
    _hold(asked, seen, (AskedState.WAITING,))
    _step(asked, seen, AskedState.REFUSED, by, reason=reason)


def wait_again(asked: AccountRequest, seen: int, by: int) -> None:
    """Take a refusal or a confirmation back: the account is shut and has no delegation until it is confirmed again. Overtaken."""
    _hold(asked, seen, (AskedState.CONFIRMED, AskedState.REFUSED))
    values: dict[str, Any] = {"reason": ""}
    if asked.state is AskedState.CONFIRMED and asked.user_id is not None:
        dismiss_officer(rules_of(asked.delegation.festival), asked.delegation, asked.user_id)
        set_active(asked.user_id, False)
        values["password_hash"] = db.session.scalar(select(User.password_hash).where(User.id == asked.user_id)) or ""
    _step(asked, seen, AskedState.WAITING, by, **values)


def account_asked(login: str) -> AccountAsked | None:
    """What the sign-in says to whoever asked for an account with this number and knows its password."""
    # One spelling alone, so that tries are counted together.
    number = phone(login)
    if number != login:
        return None
    wanted = select(AccountRequest.password_hash, AccountRequest.state, AccountRequest.reason).where(
        AccountRequest.phone == number, AccountRequest.state != AskedState.CONFIRMED
    )
    row = db.session.execute(wanted.order_by(AccountRequest.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return AccountAsked(row.password_hash, WAITS if row.state is AskedState.WAITING else refused_said(row.reason))


def _hold(asked: AccountRequest, seen: int, states: tuple[AskedState, ...]) -> None:
    held = select(AccountRequest).where(AccountRequest.id == asked.id).with_for_update()
    row = db.session.scalars(held.execution_options(populate_existing=True)).one()
    if row.version != seen or row.state not in states:
        raise Overtaken()


def _step(asked: AccountRequest, seen: int, state: AskedState, by: int, **values: Any) -> None:
    done = update(AccountRequest).where(AccountRequest.id == asked.id, AccountRequest.version == seen)
    db.session.execute(
        done.values(state=state, version=seen + 1, decided_by=by, **values).execution_options(synchronize_session=False)
    )
    reason = values.get("reason", "")
    _note(asked, "account.decided", state, seen + 1, {"by": by, "reason": reason})


def _note(asked: AccountRequest, kind: str, state: AskedState, version: int, payload: dict[str, Any]) -> None:
    delegation = asked.delegation
    subject = {"delegation": delegation.code, "request": asked.code, "state": state.value, "version": version}
    ledger.append(stream(delegation.festival), kind, subject, {"name": asked.name, **payload})
