"""`scf up`: indexer, worker, notifier and API of a deployment, together. The chain is the user's own (SCF_RPC_URL)."""

from __future__ import annotations

from api.config import load_settings
from scripts.command import console, guarded
from scripts.supervise import Supervisor, module_command


def up() -> None:
    """Run indexer, worker, notifier and API until Ctrl-C. 启动索引、发送、通知与接口进程。"""
    settings = load_settings()

    def supervised() -> None:
        settings.require_loopback()
        try:
            with Supervisor(settings.home) as supervisor:
                for name in ("indexer", "worker", "notifier"):
                    supervisor.start(name, module_command(f"api.{name}"), {})
                supervisor.start("api", module_command("api.main"), {})
                console.print(f"http://{settings.host}:{settings.port}/   (Ctrl-C)")
                supervisor.watch()
        except KeyboardInterrupt:
            console.print("再见 / stopped")

    guarded(supervised)
