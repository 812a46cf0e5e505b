"""Who looked at what is secret? A page that shows it says so with `looked`; it is noted before the answer goes out.

The same person's look at the same thing is one line an hour (`security_log.note_read`); what this process has noted this
hour is not sent to the database again, because a page may ask every two seconds. What cannot be noted is not shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, current_app, g, has_request_context

from festival.core.canonical import canonical_json
from festival.core.clock import now
from festival.core.database import db
from festival.core.security_log import SecurityKind, note_read
from festival.core.transaction import reading
from festival.core.web.access import current_actor

EXTENSION = "looks_noted"


def init_looks(app: Flask) -> None:
    """Note after each request what its page said it shows."""
    app.extensions[EXTENSION] = set()
    app.after_request(_note)


def looked(kind: SecurityKind, **subject: str) -> None:
    """This page shows something secret: codes of what it is about, no names, no marks."""
    if has_request_context():
        g.setdefault("looks", []).append((kind, subject))


@contextmanager
def reading_secrets(kind: SecurityKind, **subject: str) -> Iterator[None]:
    """`reading()` of a command that prints them afterwards; noted when they were found, before they are printed."""
    with reading():
        yield
    note_read(kind, {key: value for key, value in subject.items() if value})


def _note(answer: Response) -> Response:
    looks = g.pop("looks", [])
    if not looks or answer.status_code >= 500:
        return answer
    db.session.close()  # the page is drawn; a note opens a transaction of its own
    actor, hour = current_actor(), now().strftime("%Y-%m-%dT%H")
    noted: set[tuple[str, bytes]] = current_app.extensions[EXTENSION]
    for kind, subject in looks:
        line = canonical_json({"kind": kind.value, "user": actor.user_id, "device": actor.device_id, "about": subject})
        if (hour, line) in noted:
            continue
        note_read(kind, subject)
        noted.difference_update({each for each in noted if each[0] != hour})
        noted.add((hour, line))
    return answer
