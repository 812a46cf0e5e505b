"""How does a letter get into the outbox? Inside the door's transaction, so that it leaves only when the change is true."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Sequence
from typing import Any

from flask import render_template
from flask_babel import get_locale
from sqlalchemy import select

from festival.core.clock import now
from festival.core.database import db
from festival.core.driver.prepared import Prepared
from festival.core.driver.rows import insert_rows, json_rows
from festival.core.post.outbox import KEPT_AS, Attachment, MailState, OutboxMail
from festival.core.rehearsing.marked import paper_mark
from festival.core.statements import table
from festival.core.transaction import open_connection
from festival.core.types import json_text

_OF_A_LETTER = ("message_id", "language", "about", "recipient", "subject", "body", "attachments")
_PUT = Prepared(
    lambda database: insert_rows(table(OutboxMail), database, _OF_A_LETTER, ("state", "tries", "error", "due_at"))
)


def send_mail(
    to: str,
    subject: str,
    template: str,
    attachments: Sequence[Attachment] = (),
    about: str = "",
    message_id: str = "",
    **context: Any,
) -> None:
    """Put a letter into the outbox; `template` is a text template under `templates/mail/`.

    `about`: the code of the family it tells of. `message_id`: where one letter may not be put there twice.
    """
    enqueue(to, subject, render_template(f"mail/{template}", **context), attachments, about, message_id)


def language_of(address: str) -> str:
    """In which language its reader had the last letter (a receipt is in that of the form); Vietnamese for a new one."""
    latest = select(OutboxMail.language).where(OutboxMail.recipient == address).order_by(OutboxMail.id.desc()).limit(1)
    return db.session.scalar(latest) or "vi"


def enqueue(
    to: str,
    subject: str,
    body: str,
    attachments: Sequence[Attachment] = (),
    about: str = "",
    message_id: str = "",
) -> None:
    """Put a letter whose words are known into the outbox."""
    letter = {
        "message_id": message_id or f"<{uuid.uuid4()}{KEPT_AS}",
        "language": str(get_locale() or "vi"),
        "about": about,
        "recipient": to,
        "subject": " ".join([*filter(None, [paper_mark()]), *subject.split()]),
        "body": body,
        "attachments": json_text(
            [
                {"name": item.name, "mime": item.mime, "content": base64.b64encode(item.content).decode("ascii")}
                for item in attachments
            ]
        ),
    }
    new = {"state": MailState.WAITING, "tries": 0, "error": "", "due_at": now()}
    _PUT(open_connection(), {"rows": json_rows([letter]), **new})
