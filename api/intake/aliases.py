"""The alias file: which identities stand for one party. JSON: `[{"identities": ["vat:…", "name:…"]}]`, one per party."""

from __future__ import annotations

import json
from pathlib import Path

from api.domain.errors import InvalidInput
from api.domain.party_identity import AliasTable


def load_aliases(path: Path) -> AliasTable:
    """The table in a JSON file; the first identity of each party is its canonical one. Other keys are let be.

    Raises InvalidInput("AliasFileInvalid") with the reason, also when one identity stands for two parties.
    """
    try:
        parties = json.loads(path.read_text(encoding="utf-8"))
        return AliasTable.of([str(identity) for identity in party["identities"]] for party in parties)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InvalidInput("AliasFileInvalid", path=str(path), error=str(error)) from None
