"""Files that hold a secret: made once, whole or not at all, for their owner's eyes alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def write_once(file: Path, content: bytes) -> bool:
    """Keeps `content` in a new file (mode 0600, missing folders 0700), on the disk before it bears its name.

    False when there is a file already, which stays as it is: of processes that start together, one makes it.
    """
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if file.exists():
        return False
    partial = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.link(partial, file)
    except FileExistsError:
        return False
    finally:
        partial.unlink(missing_ok=True)
    return True
