"""The page's types are those of the API as it is now."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from api.config import Settings
from api.main import create_app, openapi

ROOT = Path(__file__).resolve().parents[2]


def check(document: Path) -> subprocess.CompletedProcess[str]:
    command = ["node", "api/web/types.mjs", str(document), "--check"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


def test_generated_types_are_up_to_date(tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    described = openapi(create_app(Settings()))
    document.write_text(json.dumps(described), encoding="utf-8")
    answer = check(document)
    assert answer.returncode == 0, answer.stderr


def test_a_changed_answer_is_noticed(tmp_path: Path) -> None:
    document = tmp_path / "openapi.json"
    described = json.loads(json.dumps(openapi(create_app(Settings()))))
    described["components"]["schemas"]["Note"]["properties"]["face"] = {"type": "integer"}
    document.write_text(json.dumps(described), encoding="utf-8")
    answer = check(document)
    assert answer.returncode == 1
    assert "npm run types" in answer.stderr
