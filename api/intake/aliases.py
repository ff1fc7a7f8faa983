"""The alias file, JSON: a list of parties, each with the identities that stand for it (`["vat:…", "name:…"]`)."""

from __future__ import annotations

import json
from pathlib import Path

from api.domain.errors import InvalidInput
from api.domain.party_identity import AliasTable


def load_aliases(path: Path) -> AliasTable:
    """The table in a JSON file: a list of parties, or an object that has one under "parties".

    The first of a party's "identities" is its canonical one; its other keys are let be.
    Raises InvalidInput("AliasFileInvalid") with the reason, also when one identity stands for two parties.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        parties = content["parties"] if isinstance(content, dict) else content
        return AliasTable.of([str(identity) for identity in party["identities"]] for party in parties)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InvalidInput("AliasFileInvalid", path=str(path), error=str(error)) from None
