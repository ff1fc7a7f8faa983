"""How the readers refuse: an error inside them, turned into a Refusal at their edge. The texts are in domain/refusals."""

from __future__ import annotations


class Refused(Exception):
    """Raised inside the readers, where the item and file are not at hand; turned into a Refusal at their edge."""

    def __init__(self, rule: str, **params: str | int) -> None:
        super().__init__(rule)
        self.rule = rule
        self.params = {name: str(value) for name, value in params.items()}
