"""How do the rooms become one house? The only module that knows all of them."""

from __future__ import annotations

import logging
from datetime import timedelta

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from config import ROOT, Config
from festival.accounts import cli as accounts_cli
from festival.accounts import register as accounts_register
from festival.accounts import routes as accounts_routes
from festival.checkin import api as checkin_api
from festival.checkin import cli as checkin_cli
from festival.checkin import register as checkin_register
from festival.checkin import routes as checkin_routes
from festival.contests import cli as contests_cli
from festival.contests import routes as contests_routes
from festival.core import access, backup, errors, health, i18n, limiter, outbox, serve, static_files, worker
from festival.core.database import db, fold_log, init_database
from festival.core.ledger_cli import ledger_cli
from festival.demo import cli as demo_cli
from festival.demo import register as demo_register
from festival.devices import api as devices_api
from festival.devices import cli as devices_cli
from festival.devices import register as devices_register
from festival.devices import routes as devices_routes
from festival.editions import cli as editions_cli
from festival.editions import register as editions_register
from festival.judging import cli as judging_cli
from festival.judging import register as judging_register
from festival.judging import routes as judging_routes
from festival.office import cli as office_cli
from festival.office import register as office_register
from festival.office import routes as office_routes
from festival.portal import api as portal_api
from festival.portal import routes as portal_routes
from festival.programme import api as programme_api
from festival.programme import register as programme_register
from festival.programme import routes as programme_routes
from festival.registration import api as registration_api
from festival.registration import cli as registration_cli
from festival.registration import register as registration_register
from festival.registration import routes as registration_routes
from festival.results import cli as results_cli
from festival.results import routes as results_routes
from festival.schedule import cli as schedule_cli
from festival.schedule import register as schedule_register
from festival.schedule import routes as schedule_routes

BLUEPRINTS = (
    health.bp,
    accounts_routes.bp,
    devices_routes.bp,
    devices_api.api,
    contests_routes.bp,
    registration_routes.bp,
    registration_api.api,
    checkin_routes.bp,
    checkin_api.api,
    schedule_routes.bp,
    judging_routes.bp,
    results_routes.bp,
    programme_routes.bp,
    programme_api.api,
    portal_routes.bp,
    portal_api.api,
    office_routes.bp,
)
COMMANDS = (
    ledger_cli,
    worker.worker_command,
    worker.outbox_cli,
    serve.serve_command,
    backup.backup_command,
    backup.restore_command,
    *accounts_cli.commands,
    *editions_cli.commands,
    *devices_cli.commands,
    *contests_cli.commands,
    *registration_cli.commands,
    *checkin_cli.commands,
    *schedule_cli.commands,
    *judging_cli.commands,
    *results_cli.commands,
    *office_cli.commands,
    *demo_cli.commands,
)
# What a room tells the house: how its actors are recognised, what its devices may send, what the worker does for it.
ROOMS_WITH_NEWS = (
    accounts_register,
    editions_register,
    devices_register,
    registration_register,
    checkin_register,
    schedule_register,
    judging_register,
    programme_register,
    office_register,
    demo_register,
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
    if config.is_sqlite:
        worker.register_chore(app, "fold the log", 1, fold_log)
    static_files.init_static(app, config)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _open_rooms(app: Flask) -> None:
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for command in COMMANDS:
        app.cli.add_command(command)
    for room in ROOMS_WITH_NEWS:
        room.init_room(app)
