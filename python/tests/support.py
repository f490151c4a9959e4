"""What the tests share: where the programs are, and folders of one's own."""

from __future__ import annotations

import os
import pathlib
import sys
import tempfile
import textwrap
import unittest
from unittest import mock

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "python" / "src"))
PROGRAMS = pathlib.Path(os.environ.get("TWOCVM_PROGRAMS") or ROOT / ".build" / "release")
HAS_SQL = (ROOT / ".build" / "runtimes" / "sql.wasm").exists()
needs_sql = unittest.skipUnless(HAS_SQL, "there is no component that runs SQL; `make sql` makes it")


class InFolder(unittest.TestCase):
    """A test in an empty folder, with a home in it and the programs of the checkout."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="twocvm-test-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name).resolve()
        before = pathlib.Path.cwd()
        os.chdir(self.folder)
        self.addCleanup(os.chdir, before)
        clean = {name: value for name, value in os.environ.items() if not name.startswith("TWOCVM_")}
        variables = {**clean, "TWOCVM_PROGRAMS": str(PROGRAMS), "TWOCVM_HOME": str(self.folder / "home")}
        environment = mock.patch.dict(os.environ, variables, clear=True)
        environment.start()
        self.addCleanup(environment.stop)

    def program(self, body: str, version: str | None = None) -> pathlib.Path:
        """A program in the place of `2cvm`, in a folder that is then used; what it does is Python."""
        import twocvm

        folder = self.folder / "other"
        folder.mkdir(exist_ok=True)
        file = folder / "2cvm"
        first = f"2cvm {version or twocvm.__version__}"
        start = f"import sys\nif sys.argv[1:] == ['--version']:\n    print({first!r})\n    sys.exit()\n"
        file.write_text(f"#!{sys.executable} -S\n{start}{textwrap.dedent(body)}")
        file.chmod(0o755)
        os.environ["TWOCVM_PROGRAMS"] = str(folder)
        return file
