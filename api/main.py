"""The HTTP API. `python -m api.main` serves it and says "ready" once it answers; `--openapi` writes its document."""

from __future__ import annotations

import argparse
import asyncio
import gc
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import anyio
import orjson
import structlog
import uvicorn
from fastapi import Depends, FastAPI
from fastapi.openapi.utils import get_openapi

from api import __version__, dispatch
from api.bootstrap import Services, open_services
from api.config import Identity, Settings, load_settings
from api.domain.errors import CascadeError
from api.domain.tracing import UNTRACED
from api.etags import ETags
from api.guard import Guard
from api.limits import Limits
from api.logs import configure_logging
from api.metrics import Metrics
from api.observing import Observing
from api.routers import (
    alerts,
    api_keys,
    approvals,
    audit,
    auth,
    certificates,
    deps,
    documented,
    events,
    financing,
    handlers,
    imports,
    jobs,
    key_changes,
    network,
    notes,
    operations,
    page,
    parties,
    people,
    providers,
    receivables,
    recourse,
    registrations,
    repayment,
    reports,
    status,
    webhooks,
)

OPENAPI_FILE = Path("build/openapi.json")
DESCRIPTION = """
Supply-chain finance on confirmed receivables (供应链金融).

* **Amounts** are decimal strings of minor units, **days** ISO dates of the business zone (UTC+8), **times** UTC.
* **Writes** name the acting `party`, and are transactions: the answer is 202 with the operations and a `Location`, or,
  with `Prefer: wait=N`, 200 once they are confirmed and every read shows them.
* **Retries**: send the same `Idempotency-Key` with the same request and get the first answer again.
* **Errors** are problem+json; `type` is stable and named after the rule, texts are in Chinese and English, `evidence`
  says with what. `GET /problems` lists them.
* **Who asks**: a session (`Authorization: Bearer …` or its cookie) or an API key, where the deployment requires it.
  Where it does not, the server answers on the local address alone.
"""
TAGS = [
    {"name": "auth", "description": "Signing in and out. 登录。"},
    {"name": "people", "description": "People of a company. 企业人员。"},
    {"name": "api-keys", "description": "Keys for a company's programs. 接口密钥。"},
    {"name": "status", "description": "State of the network, search, health. 状态与查询。"},
    {"name": "parties", "description": "Admission, suspension, credit lines. 准入与额度。"},
    {"name": "key changes", "description": "Lost keys, other settlement accounts. 密钥恢复与收款账户变更。"},
    {
        "name": "network",
        "description": "Policy, pause, announced changes, courts' orders. 规则、暂停、变更公告与司法裁定。",
    },
    {"name": "imports", "description": "Ledgers and invoices in. 单据导入。"},
    {"name": "receivables", "description": "Confirmation, fund flow, overdue. 确权与资金流向。"},
    {"name": "notes", "description": "Acceptance, splitting, trace. 签收、拆分流转与追溯。"},
    {"name": "financing", "description": "Quotes and cash. 报价与贴现。"},
    {"name": "recourse", "description": "What sellers answer for. 追索。"},
    {"name": "repayment", "description": "Repayment and deposits. 兑付与存款。"},
    {"name": "jobs", "description": "Thousands of confirmations as one request. 批量任务。"},
    {"name": "operations", "description": "What became of requests; acts signed outside. 操作与外部签名。"},
    {"name": "approvals", "description": "Acts that two people sign. 双人复核。"},
    {"name": "reports", "description": "Figures of a party, the network, a day. 报告与对账。"},
    {"name": "alerts", "description": "What somebody should look at. 风险预警。"},
    {"name": "audit", "description": "What auditors looked at. 审计查阅记录。"},
    {"name": "webhooks", "description": "Being told of events. 事件回调。"},
]


def create_app(settings: Settings, services: Services | None = None) -> FastAPI:
    """The app over open `services`; without them it can only tell its OpenAPI document.

    InvalidInput("ServerKeysNeedLoopback") when the settings would have it listen elsewhere.
    """
    settings.require_loopback()
    app = FastAPI(
        title="Cascade",
        version=__version__,
        description=DESCRIPTION,
        openapi_tags=TAGS,
        docs_url=None,
        # The framework would tell addresses with what was searched for in them, where the environment asks for telemetry.
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
        redoc_url=None,
        generate_unique_id_function=lambda route: f"{route.tags[0] if route.tags else 'page'}_{route.name}",
    )
    for router in (status.open_router, page.router):
        app.include_router(router)
    for router in (auth.open_router, providers.open_router, certificates.open_router):
        app.include_router(router, dependencies=[Depends(deps.way_in)])
    acts = (imports, receivables, notes, certificates, financing, recourse, registrations, repayment, approvals)
    modules = (status, parties, key_changes, network, *acts, events, operations, jobs, webhooks, reports, alerts)
    for module in (auth, people, api_keys, *modules, audit):
        app.include_router(module.router, dependencies=[Depends(deps.admitted), Depends(deps.sight)])
    app.state.services = services
    app.state.metrics = Metrics()
    app.state.limits = Limits(settings)
    app.state.cookie = deps.cookie_name(settings.web_origin)
    handlers.install(app)
    dispatch.install(app)
    assert app.middleware_stack is not None
    required = settings.identity is Identity.REQUIRED
    site = urlsplit(settings.web_origin)
    https = site.scheme == "https"
    guard = Guard(ETags(app.middleware_stack), host=site.netloc.lower() if required else None, https=https)
    tracer = UNTRACED if services is None else services.tracer
    app.middleware_stack = Observing(guard, metrics=app.state.metrics, tracer=tracer)
    app.openapi = lambda: openapi(app)  # type: ignore[method-assign]
    return app


def openapi(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document: what the framework makes, less its own shape of validation errors."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            tags=app.openapi_tags,
            routes=app.routes,
        )
        document["components"]["examples"] = documented.examples()
        schemas = document["components"]["schemas"]
        schemas.update(documented.schemas())
        for name in ("HTTPValidationError", "ValidationError"):
            schemas.pop(name, None)
        app.openapi_schema = document
    return app.openapi_schema


class _Server(uvicorn.Server):
    """Says so once it listens, and ends in order on a signal, so that whoever opened the services can close them."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and not self.should_exit:
            print(f"ready http://{self.config.host}:{self.config.port}/", flush=True)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(number)


async def serve(settings: Settings) -> None:
    """Serves until a signal."""
    async with open_services(settings, "api") as services:
        await services.parties.learn_from_ledger()
        config = uvicorn.Config(
            create_app(settings, services),
            host=settings.host,
            port=settings.port,
            http="httptools",
            access_log=False,
            log_level=settings.log_level,
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=3,
        )
        # What is made so far stays: the collector need not walk it again, which takes tens of milliseconds.
        gc.collect()
        gc.freeze()
        await _Server(config).serve()


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m api.main", description=__doc__)
    parser.add_argument("--openapi", action="store_true", help=f"write {OPENAPI_FILE} and stop")
    wanted = parser.parse_args(arguments)
    settings = load_settings()
    configure_logging(settings.log_level)
    try:
        if wanted.openapi:
            write_openapi(settings)
        else:
            settings.require_loopback()
            anyio.run(serve, settings, backend_options={"use_uvloop": True})
        return 0
    except CascadeError as error:
        structlog.get_logger("api").error("cannot serve", rule=error.rule, **error.evidence)
        return 1


def write_openapi(settings: Settings) -> None:
    """Writes the document that the page's types are made from."""
    document = create_app(settings).openapi()
    OPENAPI_FILE.parent.mkdir(parents=True, exist_ok=True)
    OPENAPI_FILE.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2) + b"\n")


if __name__ == "__main__":
    sys.exit(main())
