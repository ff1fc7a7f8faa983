"""`scf check`, as a reader runs it: on a machine that has the file and knows a hash."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from api.chain.deployment import as_record, write_atomically
from tests.dossier.conftest import Told
from tests.e2e.program import scf

pytestmark = pytest.mark.anyio


async def test_check_says_what_holds_and_what_does_not(on_anvil: Told, tmp_path: Path) -> None:
    file = tmp_path / "dossier-1.json"
    file.write_bytes(await on_anvil.write(1))
    block = json.loads(file.read_bytes())["block"]
    right = "0x" + (await on_anvil.hash_of(block)).hex()
    hashes = tmp_path / "hashes.txt"
    hashes.write_text(f"0x{'00' * 32}\n{right}\n")

    def checked(*options: str, **settings: str) -> subprocess.CompletedProcess[str]:
        return scf(tmp_path / "nobody", "check", str(file), *options, **settings)

    for trust in (("--trust", right), ("--trust", str(hashes)), ("--rpc", on_anvil.network.node.url)):
        found = checked(*trust, "--json")
        assert found.returncode == 0, found.stderr
        verdict = json.loads(found.stdout)
        assert (verdict["holds"], verdict["note"], verdict["block_hash"]) == (True, 1, right)
    spoken = checked("--trust", right, SCF_LANG="zh")
    assert "卷宗成立" in spoken.stdout and right in spoken.stdout

    for options, rule in (
        ((), "TrustMissing"),
        (("--trust", "0x12"), "TrustUnreadable"),
        (("--trust", "0x" + "00" * 32), "DossierBlockNotTrusted"),
    ):
        refused = checked(*options)
        assert (refused.returncode, refused.stdout) == (1, ""), refused
        assert f"[{rule}]" in refused.stderr
    file.write_bytes(file.read_bytes().replace(b'"note":1,', b'"note":2,'))
    assert "[DossierTransactionSuperfluous]" in checked("--trust", right, SCF_LANG="zh").stderr


async def test_check_takes_the_contracts_that_are_meant(on_anvil: Told, tmp_path: Path) -> None:
    file, record = tmp_path / "dossier-1.json", tmp_path / "deployment.json"
    file.write_bytes(await on_anvil.write(1))
    content = as_record(on_anvil.network.deployment)
    options = ("--rpc", on_anvil.network.node.url, "--deployment", str(record))
    write_atomically(record, content)
    assert scf(tmp_path, "check", str(file), *options).returncode == 0
    content["addresses"]["ReceivableNotes"] = on_anvil.network.accounts[0]
    write_atomically(record, content)
    refused = scf(tmp_path, "check", str(file), *options)
    assert refused.returncode == 1 and "[DossierOfOtherContracts]" in refused.stderr
