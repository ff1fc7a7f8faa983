"""What is taken from whoever asks is gone with the next request, though the API remembers who they were: also when another
process takes it, which tells nobody. These tests are that other process."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from api.domain.principal import PersonRole
from api.store.app.tables import api_keys, people, sessions
from tests.api.http.staff import Guarded
from tests.api.http.town import check_problem

ROUNDS = 10
UNKNOWN = "/notes/999999999"
"""Nobody's: 404 to whoever may ask."""


def change(guarded: Guarded, table: Any, row: str, **values: Any) -> None:
    """By this process, straight in the database."""
    guarded.database.write_now(lambda c: c.execute(update(table).where(table.c.id == row).values(**values)))


def test_a_session(guarded: Guarded) -> None:
    someone = guarded.join(guarded.companies["smith"], PersonRole.VIEWER)
    for _ in range(ROUNDS):
        assert someone.http.get(UNKNOWN).status_code == 404
        change(guarded, sessions, someone.session, ended_at=1)
        check_problem(someone.http.get(UNKNOWN), "not-authenticated", 401)
        change(guarded, sessions, someone.session, ended_at=None)


def test_a_persons_leave_to_sign_in(guarded: Guarded) -> None:
    someone = guarded.join(guarded.companies["smith"], PersonRole.VIEWER)
    for _ in range(ROUNDS):
        assert someone.http.get(UNKNOWN).status_code == 404
        change(guarded, people, someone.id, active=False)
        check_problem(someone.http.get(UNKNOWN), "not-authenticated", 401)
        change(guarded, people, someone.id, active=True)


def test_an_api_key(guarded: Guarded) -> None:
    boss = guarded.join(guarded.companies["smith"], PersonRole.ADMIN)
    key, erp = guarded.api_key(boss, "read")
    for _ in range(ROUNDS):
        assert erp.get(UNKNOWN).status_code == 404
        change(guarded, api_keys, key, revoked_at=1)
        check_problem(erp.get(UNKNOWN), "not-authenticated", 401)
        change(guarded, api_keys, key, revoked_at=None)


def test_a_scope(guarded: Guarded) -> None:
    boss = guarded.join(guarded.companies["smith"], PersonRole.ADMIN)
    key, erp = guarded.api_key(boss, "read")
    for _ in range(ROUNDS):
        assert erp.get(UNKNOWN).status_code == 404
        change(guarded, api_keys, key, scopes="write")
        check_problem(erp.get(UNKNOWN), "not-permitted", 403)
        change(guarded, api_keys, key, scopes="read")


def test_a_role(guarded: Guarded) -> None:
    smith = guarded.companies["smith"]
    someone = guarded.join(smith, PersonRole.MAKER)
    act = {"party": smith, "notes": [999_999]}
    for _ in range(ROUNDS):
        check_problem(someone.http.post("/notes/lapse", json=act), "unknown-note", 404)
        change(guarded, people, someone.id, roles="viewer")
        check_problem(someone.http.post("/notes/lapse", json=act), "not-permitted", 403)
        assert someone.http.get("/auth/me").json()["roles"] == ["viewer"]
        change(guarded, people, someone.id, roles="maker")


def test_over_the_api_too(guarded: Guarded) -> None:
    smith = guarded.companies["smith"]
    boss = guarded.join(smith, PersonRole.ADMIN)
    someone = guarded.join(smith, PersonRole.MAKER)
    act = {"party": smith, "notes": [999_999]}
    for roles, answer in (("viewer", 403), ("maker", 404)) * 3:
        changed = boss.http.put(f"/people/{someone.id}/roles", json={"roles": [roles]})
        assert changed.status_code == 200, changed.text
        assert someone.http.post("/notes/lapse", json=act).status_code == answer
    assert someone.http.get(UNKNOWN).status_code == 404
    assert boss.http.post(f"/people/{someone.id}/disable").status_code == 200
    check_problem(someone.http.get(UNKNOWN), "not-authenticated", 401)
