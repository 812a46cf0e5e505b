"""What did the people of a step type to be believed: whose login, which password or PIN?

Asked in the same form as the step, on pages; called outside of a transaction, because hashing is slow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from flask_babel import gettext as _

from festival.accounts.proof import Proven, prove, wait_said
from festival.accounts.queries import login_of
from festival.contests.models import Contest
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user
from festival.core.web.errors import BadInput
from festival.core.web.i18n import say
from festival.results.ladder.two_seats import not_in_their_seats
from festival.results.ladder.unlock import WrongPair

OutcomeOfTwo = TypeVar("OutcomeOfTwo")


def person(login: str, typed: str, step: str, wrong: str, *, pin_too: bool = False) -> int | str:
    """The account that is believed, or in words why nobody is."""
    answer = prove(login, typed, pin_too=pin_too, step=step)
    if isinstance(answer, Proven):
        return answer.account.user_id
    return say(wait_said(answer.wait_s)) if answer.wait_s else wrong


def myself(typed: str, step: str) -> int | str:
    """The account that is signed in, believed once more, or why not."""
    with reading():
        login = login_of(acting_user())
    return person(login, typed, step, _("Mật khẩu của người đang đăng nhập chưa đúng."))


def second(login: str, typed: str, step: str) -> int | str:
    """The other person of a step, by password or PIN."""
    return person(login, typed, step, _("Tên, mật khẩu hoặc mã PIN của người thứ hai chưa đúng."), pin_too=True)


def chair_and_secretary(form: Mapping[str, str], step: str) -> tuple[int, int] | str:
    """Both accounts of a step that the panel's two people take together, or why one of them is not believed."""
    chair = person(
        form.get("chair", ""),
        form.get("chair_password", ""),
        step,
        _("Tên, mật khẩu hoặc mã PIN của trưởng ban giám khảo chưa đúng."),
        pin_too=True,
    )
    secretary = person(
        form.get("secretary", ""),
        form.get("secretary_password", ""),
        step,
        _("Tên hoặc mật khẩu của thư ký chưa đúng."),
    )
    if isinstance(chair, str):
        return chair
    return secretary if isinstance(secretary, str) else (chair, secretary)


def by_both(
    form: Mapping[str, str], step: str, take: Callable[[int, int], OutcomeOfTwo | WrongPair]
) -> OutcomeOfTwo | str:
    """What came of a step that both prove and take, or in words why it was not taken: who is not believed, what is not said."""
    two = chair_and_secretary(form, step)
    if isinstance(two, str):
        return two
    try:
        with transaction():
            outcome = take(*two)
    except BadInput as refused:
        return str(refused.message)
    return outcome.said if isinstance(outcome, WrongPair) else outcome


def stand_for(two: tuple[int, int], contest: Contest) -> None:
    """BadInput unless these two are the chair and the secretary of the contest."""
    if said := not_in_their_seats([contest], *two):
        raise BadInput(said)
