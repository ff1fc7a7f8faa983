"""`scf reindex`: the read model anew, from the chain alone."""

from __future__ import annotations

import anyio

from api.bootstrap import reindex as rebuild
from api.config import load_settings
from api.logs import configure_logging
from scripts.command import JsonFlag, emit, guarded, tabulate


def reindex(json_: JsonFlag = False) -> None:
    """Rebuild the read model from the chain, beside the present one; readers go over when it is whole. Stop the indexer
    before. 由链上事件重建查询库,完成后切换。请先停止索引程序。"""
    settings = load_settings()
    configure_logging(settings.log_level)
    found = guarded(lambda: anyio.run(rebuild, settings))
    facts = {"block": found.block, "head": found.head, "events": found.events, "seconds": round(found.seconds, 1)}
    emit(facts, json_, lambda: tabulate(tuple(facts), [tuple(facts.values())]))
