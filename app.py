"""The door for `flask --app app …` and `gunicorn app:app`."""

from config import Config
from festival.factory import create_app

app = create_app(Config.from_environment())
