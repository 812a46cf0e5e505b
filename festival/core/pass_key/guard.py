"""Is the pass key this process holds the one with which the codes of this database were made?

With another key every printed pass and family link would be dead, and nobody would notice before the gates open. So the
database keeps the key's fingerprint (a keyed hash; the key cannot be computed from it), and nothing that makes or reads
codes starts with another key: it says which file belongs where. `flask passes rotate-key` changes the key on purpose; as
long as that is unfinished nothing else starts.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from flask import Flask, current_app, request
from flask_babel import gettext as _
from sqlalchemy import Connection, text

from config import Config
from festival.core import chores
from festival.core.database import db
from festival.core.pass_key.kept import (
    codes,
    fingerprint,
    fingerprint_of,
    in_force,
    kept_keys,
    key_in,
    shown,
    throw_old_keys_away,
)
from festival.core.rehearsing import marked
from festival.core.transaction import transaction
from festival.core.web.errors import Busy, Refusal

log = logging.getLogger(__name__)


class WrongPassKey(Refusal):
    """The codes of this database were made with another key; the message says what to do."""

    status = 503
    code = "wrong_pass_key"


def trouble(connection: Connection, config: Config) -> str | None:
    """Why codes may not be made or read with this key now, with what to do; None when all is well."""
    if (rehearsal := marked.trouble(connection, config)) is not None:
        return rehearsal
    own = fingerprint(config.pass_key)
    current, coming = in_force(connection)
    if coming is not None:
        return (
            "Đang đổi khóa thẻ và chưa xong, nên chưa chạy được gì khác. Chạy tiếp trên máy đã bắt đầu: "
            "flask passes rotate-key"
        )
    if current is None:
        return None if codes(connection).made_with(config.pass_key) else remedy(config, None)
    return None if current == own else remedy(config, current)


def remedy(config: Config, expected: str | None) -> str:
    """What is wrong and exactly what to do: which file, where from, or the way without the key."""
    own, place = shown(fingerprint(config.pass_key)), config.instance / "pass.key"
    made = " và vừa được tạo mới vì máy này chưa có khóa" if config.pass_key_made else ""
    held = f"tệp {place}" if config.pass_key_file else "biến FESTIVAL_PASS_KEY"
    named = f"có dấu {shown(expected)}" if expected else "khác"
    found = next((path for path in kept_keys(config) if expected and fingerprint_of(path) == expected), None)
    if found is not None:
        copy = "" if found == place else f"chạy  cp -p {found} {place}"
        unset = "" if config.pass_key_file else "bỏ biến FESTIVAL_PASS_KEY khỏi môi trường"
        cure = f"Khóa đúng đang nằm ở {found}: {'  và '.join(filter(None, (copy, unset)))}"
    else:
        cure = (
            f"Chép tệp pass.key từ máy đang giữ ngày hội, hoặc từ nơi cất cùng bản sao lưu, vào {place} (quyền 600), "
            "hoặc đặt FESTIVAL_PASS_KEY bằng nội dung tệp đó"
        )
    return (
        f"Sai khóa thẻ: thẻ và liên kết của cơ sở dữ liệu này làm bằng khóa {named}; khóa ở đây ({held}) có dấu {own}"
        f"{made}. Chạy tiếp thì mọi thẻ đã in thành vô dụng, nên chưa làm gì. {cure}. "
        "Nếu khóa đã mất hẳn: flask passes rotate-key --lost phát hành lại mọi thẻ và liên kết để in lại."
    )


def assure() -> None:
    """Raise WrongPassKey unless codes may be made and read now; asked once a process and key."""
    config: Config = current_app.config["FESTIVAL"]
    known: set[bytes] = current_app.extensions.setdefault("pass_keys_known", set())
    if config.pass_key in known:
        return
    session = db.session()
    if session.in_transaction():
        wrong = trouble(session.connection(), config)
    else:
        with db.engine.connect() as connection:
            wrong = trouble(connection, config)
    if wrong is not None:
        _forget_new_key(config)
        raise WrongPassKey(wrong)
    known.add(config.pass_key)


def _forget_new_key(config: Config) -> None:
    """A key that was made for want of one, and is the wrong one, does not stay: nothing was made with it."""
    path = config.pass_key_file
    if config.pass_key_made and path is not None and key_in(path) == config.pass_key:
        path.unlink(missing_ok=True)


def settle() -> None:
    """Before serving: refuse a wrong key, write the fingerprint of the right one where it is missing."""
    assure()
    config: Config = current_app.config["FESTIVAL"]
    with db.engine.connect() as connection:
        if (same := marked.trouble_of_address(connection, config)) is not None:
            raise WrongPassKey(same)
        current, _coming = in_force(connection)
        there = connection.dialect.has_table(connection, "pass_key")
    if current is None and there:
        with transaction():
            write_first(db.session.connection(), config)


def write_first(connection: Connection, config: Config) -> None:
    """The fingerprint of the present key, if there is none yet and the codes do not speak against it."""
    if not connection.dialect.has_table(connection, "pass_key"):
        return
    if in_force(connection) == (None, None) and codes(connection).made_with(config.pass_key):
        connection.execute(
            text("INSERT INTO pass_key (fingerprint, state) VALUES (:mark, 'current') ON CONFLICT DO NOTHING"),
            {"mark": fingerprint(config.pass_key)},
        )


@contextmanager
def with_key(key: bytes) -> Iterator[None]:
    """Inside, codes are made with this key (a rotation's, which has asked everything beforehand)."""
    config: Config = current_app.config["FESTIVAL"]
    known: set[bytes] = current_app.extensions.setdefault("pass_keys_known", set())
    known.add(key)
    current_app.config["FESTIVAL"] = replace(config, pass_key=key)
    try:
        yield
    finally:
        current_app.config["FESTIVAL"] = config
        known.discard(key)


def init_pass_key(app: Flask) -> None:
    """Let codes ask, and let a server that somebody started past `flask serve` refuse its requests."""
    app.extensions["pass_key_guard"] = assure
    app.before_request(_refuse_requests)
    chores.register_chore(app, "old keys", 3600, throw_old_keys_away)


def _refuse_requests() -> None:
    if request.blueprint == "health":
        return
    try:
        assure()
    except WrongPassKey as wrong:
        log.error("%s", wrong.message)
        raise Busy(_("Máy chủ chưa sẵn sàng phục vụ. Ban Tổ chức xem nhật ký của máy chủ.")) from wrong
