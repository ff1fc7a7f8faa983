"""A PostgreSQL server of one's own, for tests and measurements: a fresh data folder, a socket and no port."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL, make_url

_UNPRIVILEGED = "postgres", "nobody"
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "max_connections": "120",
    "shared_buffers": "16MB",
    "deadlock_timeout": "200ms",
}


def programs() -> Path | None:
    """Where the server's programs are: on the path, or where Debian has them."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


class Server:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    @property
    def process(self) -> int:
        """Of which each connection's process is a child."""
        return int((self._folder / "data/postmaster.pid").read_text(encoding="utf-8").split()[0])

    def url(self, database: str) -> URL:
        return make_url(f"postgresql:///{database}?user=tests&host={self._folder}")

    def new_database(self) -> str:
        """An empty database; its address."""
        self._made += 1
        name = f"test_{self._made}"
        engine = create_engine(self.url("postgres").set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        engine.dispose()
        return str(self.url(name))


@contextmanager
def running(bin_folder: Path, **settings: str) -> Iterator[Server]:
    """The server refuses to run as root: there it is another user's. `settings` beyond the tests' own."""
    account = _account() if os.getuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        folder = Path(name)
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
        user: dict[str, Any] = (
            {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        )
        initdb = ["initdb", "-D", name + "/data", "-U", "tests", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]
        control = ["pg_ctl", "-D", name + "/data", "-w"]
        options = " ".join(
            f"-c {k}={v or chr(39) * 2}" for k, v in {**_SETTINGS, **settings, "unix_socket_directories": name}.items()
        )

        def run(program: str, *rest: str) -> None:
            command = [str(bin_folder / program), *rest]
            subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL, **user)

        run(*initdb)
        run(*control, "-l", name + "/log", "-o", options, "start")
        try:
            yield Server(folder)
        finally:
            run(*control, "-m", "immediate", "stop")


def _account() -> pwd.struct_passwd:
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    return next(known[name] for name in _UNPRIVILEGED if name in known)
