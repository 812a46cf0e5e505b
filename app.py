"""The door for `flask --app app …` and `gunicorn app:app`."""

import gc
import os

os.umask(0o077)  # whoever starts it: what the festival writes is for its own account only
gc.disable()  # nothing that is imported becomes garbage; looking for it took a sixth of every start

from config import Config, ConfigError
from festival.factory import create_app

try:
    app = create_app(Config.from_environment())
except ConfigError as error:
    raise SystemExit(f"Lỗi: {error}") from error

gc.enable()
gc.freeze()  # nor is it looked at later, which also lets gunicorn's workers go on sharing its memory
