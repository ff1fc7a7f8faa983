"""The generated client, made of the API as it is now."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

from scripts.setup.api_client import write_client


def load_client(folder: Path) -> ModuleType:
    """Writes the module into a folder and imports it."""
    file = write_client(folder / "cascade_client.py")
    spec = importlib.util.spec_from_file_location("cascade_client", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
