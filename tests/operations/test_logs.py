"""What does an exception of the database say, that ends in a log sooner or later? (A whole festival: test_secret_logs.py.)"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from festival.core.database import db
from festival.core.transaction import transaction

pytestmark = pytest.mark.either_database

NAME = "Zuzana Kradlovec"
PHONE = "0987654321"


def test_what_a_statement_carried_is_not_in_its_error(demo_app: Flask) -> None:
    """An exception ends in a log sooner or later."""
    with demo_app.app_context():
        with pytest.raises(IntegrityError) as failed, transaction():
            values = {"name": NAME, "phone": PHONE, "festival": 999_999}
            statement = "INSERT INTO person (festival_id, code, badge, name, folded, phone) VALUES (:festival, 'x', 'x', :name, :name, :phone)"
            db.session.execute(text(statement), values)
        assert "hide_parameters" in str(failed.value) and PHONE not in str(failed.value.statement)
        assert f"'{PHONE}'" not in str(failed.value).partition("[SQL")[2]
