"""Do wishes of before and after go round in a circle? Pure."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable


def circle(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The shortest circle through the first pair that lies on one: its acts in order, the first once more; [] when none."""
    after: dict[str, list[str]] = defaultdict(list)
    pairs = list(pairs)
    for first, second in pairs:
        after[first].append(second)
    for first, second in pairs:
        path = _path(after, second, first)
        if path:
            return [first, *path]
    return []


def _path(after: dict[str, list[str]], start: str, goal: str) -> list[str]:
    """From one act to another by the shortest way; [] when there is none."""
    came: dict[str, str] = {start: ""}
    waiting = deque([start])
    while waiting:
        here = waiting.popleft()
        if here == goal:
            path = [here]
            while came[path[-1]]:
                path.append(came[path[-1]])
            return path[::-1]
        for each in after.get(here, ()):
            if each not in came:
                came[each] = here
                waiting.append(each)
    return []


def in_order(codes: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[str]:
    """The acts so that each comes after those it waits for; acts on a circle come last, as they are."""
    codes, pairs = list(codes), list(pairs)
    known = set(codes)
    wait = {
        code: {first for first, second in pairs if second == code and first in known}
        for code in {p[1] for p in pairs} & known
    }
    found: list[str] = []
    left = codes
    while left:
        done = set(found)
        ready = [code for code in left if not wait.get(code, set()) - done]
        if not ready:
            return found + left
        found += ready
        left = [code for code in left if code not in set(ready)]
    return found
