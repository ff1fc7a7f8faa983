"""Makes a virtual environment know this project: run by the environment's own Python, at set-up.

The project's folder goes on its path, the offline compiler and the npm programs are found from it, and `scf` stands in
its bin folder. Nothing is built and nothing names a place outside the project.
"""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

# A .pth file: a folder for sys.path, then lines that run when Python starts.
_PATH_FILE = """\
{project}
import os; os.environ.setdefault("SOLCX_BINARY_PATH", {solcx!r})
import os; p = os.environ.get("PATH", ""); p.startswith({programs!r}) or os.environ.update(PATH={programs!r} + ":" + p)
"""

# The shell starts the Python beside this file and Python sees a string: no absolute path, so no limit on its length.
_SCF = """\
#!/bin/sh
'''exec' "$(dirname "$(readlink -f "$0")")/python" "$0" "$@"
' '''
import sys

from scripts.cli import main

sys.exit(main())
"""


def main() -> None:
    """Write the .pth file and the `scf` program of the running interpreter's environment."""
    if sys.prefix == sys.base_prefix:
        sys.exit("run this with the Python of a virtual environment")
    project = Path(__file__).resolve().parents[2]
    names = {"project": project, "solcx": str(project / ".cache/solcx"), "programs": str(project / "node_modules/.bin")}
    Path(sysconfig.get_path("purelib"), "cascade.pth").write_text(_PATH_FILE.format(**names), encoding="utf-8")
    scf = Path(sysconfig.get_path("scripts"), "scf")
    scf.write_text(_SCF, encoding="utf-8")
    scf.chmod(0o755)


if __name__ == "__main__":
    main()
