"""How is the festival served? Two processes of eight threads; the numbers and the address come from FESTIVAL_*.

More processes do not help SQLite, where writers queue anyway; with PostgreSQL raise FESTIVAL_WORKERS with the cores.
"""

from __future__ import annotations

import gc
import os
import socket
import sys
import tempfile
from itertools import count
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger
from gunicorn.workers import gthread

# The release's own folder, not the link that led to it: that leads to another one tomorrow.
chdir = str(Path(__file__).resolve().parent.parent)
sys.path.insert(0, chdir)

from config import Config, ConfigError
from festival.core.logs.lines import KindAndPlace
from festival.core.metrics.counting import ROUTE
from festival.operations.health_door import open_door
from festival.operations.serve import begin

try:
    _config = Config.from_environment()
except ConfigError as error:
    raise SystemExit(f"Lỗi: {error}") from error
FIRST_GIVEN = 3  # by systemd; after the three streams
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


class RouteLogger(Logger):  # type: ignore[misc]
    """Lines without secrets: what is asked for holds keys of families and names that are searched, so the line has the route,
    as it is written in the program, in place of the address; of an exception it has the kind and the places.
    """

    def setup(self, cfg: Any) -> None:
        """Where the lines go, and how those of errors look."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(KindAndPlace(self.error_fmt))

    def atoms(self, resp: Any, req: Any, environ: Any, request_time: Any) -> dict[str, Any]:
        """The fields of a line."""
        method = environ["REQUEST_METHOD"] if environ.get("REQUEST_METHOD") in METHODS else "?"
        file = "/static/*" if environ.get("PATH_INFO", "").startswith("/static/") else "-"
        return {
            "t": self.now(),
            "r": f"{method} {environ.get(ROUTE, file)} {environ.get('SERVER_PROTOCOL')}",
            "s": str(resp.status).split(None, 1)[0],
            "B": getattr(resp, "sent", None),
            "M": request_time.seconds * 1000 + request_time.microseconds // 1000,
        }

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Gunicorn repeats what it could not read, and words of exceptions: both may be a name or a phone."""
        said = str(msg)
        told = next((each for each in ("Invalid request", "Exception during worker exit") if said.startswith(each)), "")
        super().warning(told or msg, *([] if told else args), **kwargs)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Never with the address that was asked for."""
        super().error("a request ended in an exception", exc_info=True)


# The application is loaded once and forked: a new worker answers at once, and they share memory. It opens no connection
# before it serves (tests/house/test_serving.py), so nothing is shared that must not be.
preload_app = True
umask = 0o077
bind = f"{_config.host}:{_config.port}"
workers = _config.workers
worker_class = "gthread"
threads = _config.threads
keepalive = 75  # phones keep their connection; longer than the proxy in front, so that the proxy closes first
timeout = 60
graceful_timeout = 20
# A worker that stops answers on kept connections for this long (gunicorn's own 2 s); who opens a new one waits meanwhile.
gthread.STOP_KEEPALIVE_LINGER = 0.5
backlog = 1024
# Heartbeats on a real disk block a worker when the disk is busy.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else tempfile.gettempdir()
forwarded_allow_ips = "127.0.0.1"
proc_name = "festival"
logger_class = RouteLogger
loglevel = "warning"
errorlog = "-"
accesslog = "-" if os.environ.get("ACCESS_LOG") == "yes" else None
access_log_format = '%(t)s "%(r)s" %(s)s %(B)s bytes %(M)s ms'


def pre_fork(server: Any, worker: Any) -> None:
    """Each worker adds to the numbers in a seat of its own; one that takes the place of another goes on with its numbers."""
    taken = {each.seat for each in server.WORKERS.values()}
    worker.seat = next(seat for seat in count(1) if seat not in taken)


def post_fork(server: Any, worker: Any) -> None:
    """What was loaded before the fork lives as long as the process: the collector of cycles looks at what requests leave behind only.

    Without this its great rounds walk the whole program while all the threads of a worker wait.
    """
    application = server.app.wsgi()
    if hasattr(application, "extensions"):
        application.extensions["sums"].sit(worker.seat)
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def post_worker_init(worker: Any) -> None:
    """A process is asked how it is at a port of its own too, which does not wait behind slow requests."""
    if _config.health_port:
        open_door(worker.wsgi, _config.host, _config.health_port)


def on_starting(server: Any) -> None:
    """Before anything listens, and before a service manager is told that all is well (festival/operations/serve.py)."""
    application = server.app.wsgi()
    if hasattr(application, "app_context"):
        _refuse_another_address()
        with application.app_context():
            begin(_config)


def _refuse_another_address() -> None:
    """A socket that systemd holds (deploy/festival-web.socket) has an address of its own; the settings must name the same."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return
    with socket.socket(fileno=os.dup(FIRST_GIVEN)) as given:
        host, port = given.getsockname()[:2]
    if (host, port) != (_config.host, _config.port):
        raise SystemExit(
            f"Lỗi: festival-web.socket mở {host}:{port}, còn FESTIVAL_HOST và FESTIVAL_PORT là {_config.host}:{_config.port}. "
            "Sửa cho giống nhau (systemctl edit festival-web.socket)."
        )
