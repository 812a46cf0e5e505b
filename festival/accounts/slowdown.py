"""How often may a password be tried, so that guessing is slow and a venue that shares one address still gets in?

A try is counted before the password is looked at and taken back when it was right; nobody sleeps, the answer says how long
to wait. Three counts, shared by all workers (`core/web/limiter.py`), under keyed hashes:

- account and network together: the fifth miss in a row makes the next try wait 5 s, each further one twice as long, up to
  15 minutes. This alone stops a person; other accounts of the same network do not notice.
- network: after 50 misses within an hour, accounts that never came in from there wait after the first miss. Nobody's first
  try waits, so a right password comes in while others are being guessed at the same venue.
- account: after 20 misses within an hour, over all networks from which it never came in, one try a minute from those. Its
  owner's own networks (signed in from during the last 30 days) do not notice.

A network is an IPv4 address or the /64 of an IPv6 one. There is no limit a network alone runs into: a flood is the
business of the proxy in front (docs/deployment.md).
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from ipaddress import ip_address, ip_network
from math import ceil
from time import time

from flask import Flask, current_app, has_request_context, request

from config import Config
from festival.core.web.limiter import SharedStorage

FREE = 5  # the miss from which on the next try waits
FREE_IN_A_HOT_NETWORK = 1
HOT_NETWORK = 50
HOT_ACCOUNT = 20
FIRST_WAIT_S = 5
LONGEST_WAIT_S = 15 * 60
ACCOUNT_WAIT_S = 60
WINDOW_S = 3600
KNOWN_S = 30 * 24 * 3600
EXTENSION = "password_tries"


def init_slowdown(app: Flask, config: Config) -> None:
    """Count beside the other limits; none with `RATE_LIMITS=no`."""
    app.extensions[EXTENSION] = SharedStorage(app.config["RATELIMIT_STORAGE_URI"]) if config.rate_limits else None


def network_of(address: str) -> str:
    """What is one caller: an IPv4 address (also in IPv6's clothes), the /64 of an IPv6 one; what is neither as it stands."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    mapped = getattr(found, "ipv4_mapped", None)
    if mapped is not None:
        return str(mapped)
    return str(found) if found.version == 4 else str(ip_network((found, 64), strict=False))


def wait_after(misses: int, free: int) -> int:
    """How many seconds the next try waits after so many misses in a row."""
    # The exponent is bounded before the shift.
    return 0 if misses < free else min(FIRST_WAIT_S * 2 ** min(misses - free, 10), LONGEST_WAIT_S)


class PasswordTry:
    """One try of a login's password; `wait_s` is 0 when the password may be looked at."""

    def __init__(self, login: str, purpose: str = "password") -> None:
        counts: SharedStorage | None = current_app.extensions[EXTENSION] if has_request_context() else None
        self.counts = counts
        self.wait_s = 0
        if counts is None:
            return
        network = network_of(request.remote_addr or "")
        name = login.strip().lower()
        self.network = _key("network", network)
        self.account = _key(purpose, "account", name)
        self.pair = _key(purpose, "pair", name, network)
        self.known = counts.get(f"known:{self.pair}") > 0
        self.wait_s = self._take(counts)

    def _take(self, counts: SharedStorage) -> int:
        waits = [self.pair] if self.known else [self.pair, self.account]
        if waiting := max(_left(counts, each) for each in waits):
            return waiting
        hot = not self.known and counts.get(f"miss:{self.network}") >= HOT_NETWORK
        misses = counts.incr(f"miss:{self.pair}", WINDOW_S)
        if not _begin_wait(counts, self.pair, wait_after(misses, FREE_IN_A_HOT_NETWORK if hot else FREE)):
            return max(1, _left(counts, self.pair))
        if self.known:
            return 0
        tries = counts.incr(f"miss:{self.account}", WINDOW_S)
        if not _begin_wait(counts, self.account, ACCOUNT_WAIT_S if tries >= HOT_ACCOUNT else 0):
            return max(1, _left(counts, self.account))
        return 0

    def missed(self) -> None:
        """It was wrong: the network's count too."""
        if self.counts is not None:
            self.counts.incr(f"miss:{self.network}", WINDOW_S)

    def right(self) -> None:
        """It was right: from here this account is known, its misses are forgotten."""
        if self.counts is None:
            return
        for kind in ("miss", "wait"):
            self.counts.clear(f"{kind}:{self.pair}")
        if not self.known:
            self.counts.incr(f"miss:{self.account}", WINDOW_S, -1)
            self.counts.clear(f"wait:{self.account}")
        self.counts.clear(f"known:{self.pair}")
        self.counts.incr(f"known:{self.pair}", KNOWN_S)


def _left(counts: SharedStorage, key: str) -> int:
    """How many seconds of a wait are left."""
    return max(0, ceil(counts.get_expiry(f"wait:{key}") - time())) if counts.get(f"wait:{key}") else 0


def _begin_wait(counts: SharedStorage, key: str, seconds: int) -> bool:
    """Let the tries after this one wait; False when another try at the same moment was first."""
    return not seconds or counts.incr(f"wait:{key}", seconds) == 1


def _key(*parts: str) -> str:
    """What is counted, so that the file of counts names neither accounts nor addresses."""
    config: Config = current_app.config["FESTIVAL"]
    return hmac.new(config.secret_key.encode(), "\x1f".join(("tries", *parts)).encode(), sha256).hexdigest()[:32]
