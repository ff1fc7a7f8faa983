"""A sentence in both languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """Titles stand alone; details have {placeholders} named as the evidence, the same ones in both languages."""

    zh: str
    en: str
    zh_detail: str = ""
    en_detail: str = ""

    def title(self, language: str) -> str:
        return self.zh if language == "zh" else self.en

    def detail(self, language: str) -> str:
        return self.zh_detail if language == "zh" else self.en_detail
