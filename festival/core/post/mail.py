"""How does a letter get into the outbox? Inside the door's transaction, so that it leaves only when the change is true."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Sequence
from typing import Any

from flask import render_template

from festival.core.clock import now
from festival.core.database import db
from festival.core.post.outbox import Attachment, OutboxMail


def send_mail(
    to: str, subject: str, template: str, attachments: Sequence[Attachment] = (), **context: Any
) -> OutboxMail:
    """Put a letter into the outbox; `template` is a text template under `templates/mail/`."""
    return enqueue(to, subject, render_template(f"mail/{template}", **context), attachments)


def enqueue(to: str, subject: str, body: str, attachments: Sequence[Attachment] = ()) -> OutboxMail:
    """Put a letter whose words are known into the outbox."""
    mail = OutboxMail(
        message_id=f"<{uuid.uuid4()}@ngayhoi.invalid>",
        recipient=to,
        subject=" ".join(subject.split()),
        body=body,
        attachments=[
            {"name": item.name, "mime": item.mime, "content": base64.b64encode(item.content).decode("ascii")}
            for item in attachments
        ],
        due_at=now(),
    )
    db.session.add(mail)
    db.session.flush()
    return mail
