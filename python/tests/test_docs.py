"""The pages' Python runs as it stands, and every public thing is documented."""

from __future__ import annotations

import contextlib
import importlib.util
import inspect
import io
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

import twocvm
from support import ROOT, InFolder, needs_sql

BLOCK = re.compile(r"```python\n(.*?)```", re.DOTALL)


def blocks(name: str) -> list[str]:
    return BLOCK.findall((ROOT / name).read_text())


class Pages(InFolder):
    @needs_sql
    def test_every_block_of_the_page_runs_in_order(self) -> None:
        names: dict[str, object] = {}
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            for number, block in enumerate(blocks("docs/PYTHON.md")):
                exec(compile(block, f"docs/PYTHON.md, block {number + 1}", "exec"), names)
        text = printed.getvalue()
        for shown in ("north,2,63.75", "the receipt holds: completed", "surgery", "run 1: question", "5.0"):
            self.assertIn(shown, text)

    def test_the_readme_shows_the_same_ten_lines(self) -> None:
        first = blocks("docs/PYTHON.md")[0]
        self.assertLessEqual(len(first.strip().splitlines()), 10)
        self.assertIn(first, blocks("README.md"))

    def test_names_that_the_page_shows_are_there(self) -> None:
        text = (ROOT / "docs" / "PYTHON.md").read_text()
        for name in set(re.findall(r"twocvm\.([a-zA-Z_]+)", text)) - {"progress"}:
            self.assertTrue(hasattr(twocvm, name), name)


class Documentation(unittest.TestCase):
    def test_every_public_thing_says_what_it_is(self) -> None:
        for name in twocvm.__all__:
            value = getattr(twocvm, name)
            if not (inspect.isclass(value) or inspect.isfunction(value)):
                continue
            self.assertTrue(inspect.getdoc(value), name)
            for member, inner in vars(value).items() if inspect.isclass(value) else ():
                if not member.startswith("_") and (inspect.isfunction(inner) or isinstance(inner, property)):
                    self.assertTrue(inspect.getdoc(inner), f"{name}.{member}")

    def test_the_reference_is_made_without_a_warning(self) -> None:
        if importlib.util.find_spec("pdoc") is None:
            self.skipTest("there is no pdoc")
        with tempfile.TemporaryDirectory() as folder:
            words = [sys.executable, "-B", "-W", "error", "-m", "pdoc", "--docformat", "google", "-o", folder, "twocvm"]
            variables = {**os.environ, "PYTHONPATH": str(ROOT / "python" / "src")}
            done = subprocess.run(words, env=variables, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            text = pathlib.Path(folder, "twocvm.html").read_text()
        for name in twocvm.__all__:
            self.assertIn(f'id="{name}"', text, name)

    def test_every_call_that_takes_time_has_an_async_form(self) -> None:
        for kind in (twocvm.Agent, twocvm.AttestedSession, twocvm.Manifest, twocvm.Receipt, twocvm.Collaboration):
            forms = {name for name, value in vars(kind).items() if inspect.iscoroutinefunction(value)}
            self.assertTrue(forms)
            for name in forms:
                self.assertTrue(name.startswith("a") and hasattr(kind, name[1:]), name)
        self.assertGreaterEqual(sys.version_info, (3, 11))


if __name__ == "__main__":
    unittest.main()
