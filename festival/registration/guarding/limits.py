"""How many registrations may come from one phone, for one mail address, from one network, for one edition?

Counted once for all workers, for the form and the JSON call alike, and only when a family was written: pressing the button
five times, a mistake that is mended, an answer that is fetched again cost nothing. Whoever is over the free number is slowed
down first (a pause that grows, told in a sentence), and refused only after that. The bounds of a network and of an edition
are wide and their pauses short: a whole commune may stand behind one address, and registers on the last evening. The
store keeps keyed hashes, never a phone or an address.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil

from flask_babel import gettext as _

from festival.core.database import FairLock
from festival.core.secrets import keyed_hash
from festival.core.web.errors import TooMany
from festival.core.web.limiter import caller, limiter, shared_storage
from festival.roster.household import Household

HOUR_S, DAY_S = 3600, 24 * 3600

# PostgreSQL wakes anybody who waits for the edition's row, and who is passed over waits for long; sixteen threads that hold
# it in turns also take the interpreter from whoever has it. SQLite's writers stand in such a line anyway (`core.database`).
_TURN = FairLock()


@dataclass(frozen=True, slots=True)
class Limit:
    """So many freely within the window; then after a pause, the first so long, each twice the last; never more than `most`."""

    name: str
    free: int
    most: int
    window_s: int
    first_pause_s: int
    longest_pause_s: int

    def pause_s(self, over: int) -> int:
        """The pause after the registration that is the `over`-th beyond the free ones (1 = the first)."""
        return int(min(self.first_pause_s * 2 ** min(over - 1, 16), self.longest_pause_s))


PHONE = Limit("phone", 5, 10, DAY_S, 300, HOUR_S)
MAIL = Limit("mail", 6, 40, DAY_S, 120, HOUR_S)
NETWORK = Limit("network", 40, 300, HOUR_S, 10, 10)
EDITION = Limit("edition", 120, 3000, HOUR_S, 2, 2)


def forget_old() -> None:
    """The worker's chore: counts whose window is over go."""
    if limiter.enabled:
        shared_storage().sweep()


class Counted:
    """What one registration has taken of the bounds; `written` keeps it, else it is given back."""

    def __init__(self) -> None:
        self.counts: list[tuple[str, int]] = []
        self.pauses: list[str] = []
        self.written = False

    def give_back(self) -> None:
        """Nothing was registered: it does not count."""
        if not self.counts:
            return
        store = shared_storage()
        store.incr_each(self.counts, -1)
        for key in self.pauses:
            store.clear(key)
        self.counts, self.pauses = [], []


@contextmanager
def counted(festival_id: int, household: Household) -> Iterator[Counted]:
    """Count before the registration is written (it must not be open yet); what is not `written` then is given back.

    TooMany says how long to wait. Whoever is counted writes in the order of coming: those of one process take turns.
    """
    taken = Counted()
    try:
        if limiter.enabled:
            _take(taken, [(bound, _key(bound, who)) for bound, who in _bounds(festival_id, household)])
        with _TURN.held():
            yield taken
    finally:
        if not taken.written:
            taken.give_back()


def one_mailbox(address: str) -> str:
    """The address without capitals and without a `+tag`: they lead to the same box."""
    box, _at, domain = address.casefold().rpartition("@")
    return f"{box.partition('+')[0]}@{domain}"


def _bounds(festival_id: int, household: Household) -> Iterator[tuple[Limit, str]]:
    yield EDITION, str(festival_id)
    yield NETWORK, caller()
    if household.phone:
        yield PHONE, household.phone
    if household.email:
        yield MAIL, one_mailbox(household.email)


def _key(bound: Limit, who: str) -> str:
    return f"registration:{bound.name}:{keyed_hash('count', f'{bound.name} {who}')[:32]}"


def _take(taken: Counted, bounds: Sequence[tuple[Limit, str]]) -> None:
    """All bounds are counted at once; whoever is over one of them gives all back."""
    store = shared_storage()
    wanted = [(key, limit.window_s) for limit, key in bounds]
    counts = store.incr_each(wanted)
    taken.counts = wanted
    for limit, key in bounds:
        count = counts[key]
        if count > limit.most:
            raise _too_many(store.get_expiry(key) - store.now())
        if count > limit.free:
            pause = f"{key}:pause"
            if store.incr(pause, limit.pause_s(count - limit.free)) > 1:
                raise _too_many(store.get_expiry(pause) - store.now())
            taken.pauses.append(pause)


def _too_many(wait: float) -> TooMany:
    wait_s = max(1, ceil(wait))
    if wait_s <= 90:
        return TooMany(
            _("Đang có nhiều hồ sơ gửi đến. Chờ %(n)s giây rồi gửi lại. Những gì đã nhập vẫn còn nguyên.", n=wait_s),
            wait_s=wait_s,
        )
    return TooMany(
        _(
            "Đã có nhiều hồ sơ gửi từ đây. Chờ khoảng %(n)s phút rồi gửi lại, hoặc nhờ cán bộ văn hóa của đơn vị đăng ký"
            " giúp. Những gì đã nhập vẫn còn nguyên.",
            n=-(-wait_s // 60),
        ),
        wait_s=wait_s,
    )
