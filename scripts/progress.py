"""Progress of long work: bars on a terminal, plain lines elsewhere, and how long each stage took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

LABELS: Mapping[str, tuple[str, str]] = {
    "import": ("导入", "import"),
    "admit": ("准入", "admit parties"),
    "confirm": ("确权", "confirm"),
    "quote": ("报价", "quote"),
    "finance": ("融资", "finance"),
    "repay": ("兑付", "repay"),
    "verify": ("核验", "verify"),
    **{f"accept-{n}": (f"第 {n} 级签收", f"tier {n} accepts") for n in range(1, 17)},
    **{f"split-{n}": (f"第 {n} 级拆分流转", f"tier {n} passes on") for n in range(1, 17)},
}


class Progress:
    """Shows stages one after the other and remembers their counts and seconds."""

    def __init__(self, console: Console, language: str) -> None:
        self._console = console
        self._column = 0 if language == "zh" else 1
        self.seconds: dict[str, float] = {}
        self.counts: dict[str, int] = {}

    @contextmanager
    def stage(self, name: str, total: int) -> Iterator[Callable[[int], None]]:
        """Yields a function that says how many more are done."""
        label = LABELS[name][self._column]
        self.counts[name] = self.counts.get(name, 0) + total
        began = time.perf_counter()
        try:
            if self._console.is_terminal:
                with Bars(
                    TextColumn("{task.description}"),
                    BarColumn(),
                    MofNCompleteColumn(),
                    TimeElapsedColumn(),
                    console=self._console,
                ) as bars:
                    task = bars.add_task(label, total=total)
                    yield lambda n: bars.update(task, advance=n)
            else:
                yield lambda n: None
        finally:
            took = time.perf_counter() - began
            self.seconds[name] = self.seconds.get(name, 0.0) + took
            if not self._console.is_terminal:
                self._console.print(f"{label}: {total} ({took:.1f} s)")
