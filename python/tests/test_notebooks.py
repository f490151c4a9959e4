"""The notebooks of examples/notebooks, each in a kernel of its own, all on one machine."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import unittest
import warnings
from typing import Any

from support import ROOT, InFolder, needs_sql

NOTEBOOKS = ROOT / "examples" / "notebooks"
NAMES = ("hospital", "bank", "analyst")
PATIENCE = 120


def outputs(notebook: Any) -> str:
    """All that its cells showed, as text."""
    parts = []
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            parts.append(json.dumps(output.get("data", output.get("text", ""))))
    return "\n".join(parts)


class Notebooks(InFolder):
    @needs_sql
    def test_hospital_bank_and_analyst_reach_a_result_in_three_kernels(self) -> None:
        import nbclient
        import nbformat

        place = self.folder / "notebooks"
        shutil.copytree(NOTEBOOKS, place, ignore=shutil.ignore_patterns(*NAMES, "mailbox"))
        os.chdir(place)
        os.environ |= {
            "PYTHONPATH": str(ROOT / "python" / "src"),
            "JUPYTER_PLATFORM_DIRS": "1",
            "IPYTHONDIR": str(place / "ipython"),
        }
        machine = subprocess.Popen([sys.executable, "machine.py"], stdout=subprocess.DEVNULL)
        self.addCleanup(machine.wait)
        self.addCleanup(machine.send_signal, signal.SIGTERM)
        made: dict[str, Any] = {}
        faults: dict[str, BaseException] = {}

        def execute(name: str) -> None:
            try:
                notebook = nbformat.read(place / f"{name}.ipynb", as_version=4)
                client = nbclient.NotebookClient(notebook, timeout=PATIENCE, kernel_name="python3")
                made[name] = client.execute(cwd=str(place))
            except BaseException as error:
                faults[name] = error

        # The kernels' clients leave sockets to be collected.
        warnings.simplefilter("ignore", ResourceWarning)
        threads = [threading.Thread(target=execute, args=(name,), daemon=True) for name in NAMES]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE)
        self.assertEqual("\n".join(f"{name}: {str(fault)[-3000:]}" for name, fault in faults.items()), "")
        self.assertEqual(sorted(made), sorted(NAMES))
        shown = {name: outputs(made[name]) for name in NAMES}
        # What the analyst receives is what both tables together say, in groups of five or more.
        together = made["analyst"].cells[-2].outputs[0]["data"]["text/plain"]
        self.assertEqual(together.split(), EXPECTED.split())
        self.assertIn("the receipt holds: completed", shown["analyst"])
        words = {name: [w for w in shown[name].split("'") if w.count("-") == 5 and len(w) == 35][0] for name in NAMES}
        self.assertEqual(len(set(words.values())), 1)
        for name in ("hospital", "bank"):
            self.assertIn("from stays join loans using (person)", shown[name])
            self.assertIn("Who can learn what", shown[name])
        # No row of anybody came to another: neither on a page nor in a folder.
        for name in ("bank", "analyst"):
            self.assertNotIn("P05", shown[name])
        for file in (place / "analyst").rglob("*"):
            if file.is_file():
                self.assertNotIn(b"P059", file.read_bytes(), file)

    def test_they_are_small_and_hold_no_outputs(self) -> None:
        self.assertEqual(sorted(path.stem for path in NOTEBOOKS.glob("*.ipynb")), sorted(NAMES))
        for path in NOTEBOOKS.glob("*.ipynb"):
            self.assertLess(path.stat().st_size, 10_000)
            for cell in json.loads(path.read_text())["cells"]:
                self.assertFalse(cell.get("outputs"), path)
                self.assertIsNone(cell.get("execution_count"), path)


EXPECTED = """
     stay  people  overdue
0  longer       9        1
1   month      23        9
2    week       8        4
"""

if __name__ == "__main__":
    unittest.main()
