"""How do the rooms become one house? The only module that knows all of them."""

from __future__ import annotations

import importlib
import logging
from datetime import timedelta

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Config
from festival.core import access, backup, errors, health, i18n, limiter, outbox, serve, static_files, worker
from festival.core.database import db, init_database
from festival.core.ledger_cli import ledger_cli

ROOMS = (
    "accounts",
    "editions",
    "devices",
    "contests",
    "registration",
    "checkin",
    "schedule",
    "judging",
    "results",
    "portal",
    "programme",
    "office",
    "demo",
)


def create_app(config: Config) -> Flask:
    """The application for `config`, ready to serve."""
    app = Flask("festival", root_path=str(ROOT), template_folder=str(ROOT / "templates"), static_folder=None)
    app.config["FESTIVAL"] = config
    app.config["SECRET_KEY"] = config.secret_key
    app.config["TESTING"] = config.testing
    app.config["MAX_CONTENT_LENGTH"] = config.max_body_bytes
    app.config["MAX_FORM_MEMORY_SIZE"] = 2 * 1024 * 1024
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=config.session_hours)
    app.config.update(
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=config.secure_cookies,
        WTF_CSRF_CHECK_DEFAULT=False,  # access.enforce decides by the route's policy
        WTF_CSRF_TIME_LIMIT=None,  # a family may leave the form open over dinner
        WTF_CSRF_SSL_STRICT=False,  # our own Referrer-Policy sends no referrer to compare
    )
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        current_actor=access.current_actor, js_words=i18n.js_words, chosen_language=i18n.chosen_language
    )
    init_database(app, config)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
    i18n.init_i18n(app)
    limiter.init_limiter(app, config)
    app.extensions["csrf"] = CSRFProtect(app)
    errors.init_errors(app)
    app.before_request(access.enforce)
    _open_rooms(app)
    worker.register_chore(app, "outbox", 2, outbox.drain)
    static_files.init_static(app, config)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _open_rooms(app: Flask) -> None:
    app.register_blueprint(health.bp)
    app.cli.add_command(ledger_cli)
    app.cli.add_command(worker.worker_command)
    app.cli.add_command(serve.serve_command)
    app.cli.add_command(backup.backup_command)
    app.cli.add_command(backup.restore_command)
    app.cli.add_command(worker.outbox_cli)
    for room in ROOMS:
        _open(app, room)


def _open(app: Flask, room: str) -> None:
    """Temporary while rooms are being furnished: take what is there."""
    for furniture in ("models", "routes", "api", "cli", "register"):
        name = f"festival.{room}.{furniture}"
        if importlib.util.find_spec(f"festival.{room}") is None or importlib.util.find_spec(name) is None:
            continue
        module = importlib.import_module(name)
        for attribute in ("bp", "api"):
            if (blueprint := getattr(module, attribute, None)) is not None:
                app.register_blueprint(blueprint)
        for command in getattr(module, "commands", ()):
            app.cli.add_command(command)
        if (init := getattr(module, "init_room", None)) is not None:
            init(app)
