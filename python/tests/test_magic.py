"""`%%twocvm`: rehearsed on stand-in data, then asked."""

from __future__ import annotations

import os
import pathlib
import unittest
from typing import Any
from unittest import mock

import pandas as pd
import twocvm
from IPython.core.interactiveshell import InteractiveShell
from support import ROOT, InFolder, needs_sql
from traitlets.config import Config

INSTALLED = ROOT / ".build" / "runtimes" / "installed"
QUERY = "select ward, count(*) as patients from stays group by ward"
DATA = twocvm.table(1000, ward=twocvm.text(["a", "b"]), days=twocvm.integer(0, 9))
FORMAT = twocvm.table(3, ward=twocvm.text(["a", "b"]), patients=twocvm.integer(0, 100))
STAYS = pd.DataFrame({"ward": ["a", "a", "b"], "days": [2, 4, 9]})


class InShell(InFolder):
    def setUp(self) -> None:
        super().setUp()
        os.environ["IPYTHONDIR"] = str(self.folder / "ipython")
        config = Config()
        config.HistoryManager.enabled = False
        self.shell: Any = InteractiveShell(config=config)
        self.shell.run_line_magic("load_ext", "twocvm")
        self.me = twocvm.Identity.create("me")

    def collaboration(self) -> twocvm.Collaboration:
        return (
            twocvm.Collaboration("stays")
            .participant(self.me)
            .data("stays", STAYS, provider="me", format=DATA)
            .sql(QUERY)
            .output("by-ward", recipients=["me"], format=FORMAT)
        )

    def cell(self, line: str, cell: str, **variables: Any) -> Any:
        self.shell.user_ns.update(variables)
        return self.shell.run_cell_magic("twocvm", line, cell)


@needs_sql
class Cells(InShell):
    def test_a_cell_against_a_collaboration_is_rehearsed_on_stand_ins(self) -> None:
        rehearsal = self.cell("c --into answer", QUERY + "\n", c=self.collaboration())
        self.assertIsInstance(rehearsal, twocvm.Rehearsal)
        self.assertEqual(rehearsal.stand_ins, ("stays", "query"))
        # A hundred rows that are made up, and not the three that are here.
        self.assertEqual(rehearsal["by-ward"].patients.sum(), 100)
        self.assertIs(self.shell.user_ns["answer"], rehearsal)

    def test_a_cell_against_a_session_is_rehearsed_and_then_asked(self) -> None:
        machine = twocvm.SimulatedAgent()
        self.addCleanup(machine.close)
        manifest = self.collaboration().questions(2).sign(self.me)
        session = machine.agent.attest(manifest, self.me).lock()
        session.submit()
        with mock.patch.object(session, "ask", wraps=session.ask) as asking:
            with self.assertRaises(twocvm.RunFailed):
                self.cell("s --wait", "select county from stays", s=session)
            with self.assertRaises(twocvm.RunFailed):
                self.cell("s --wait", "select ward, 700 as patients from stays group by ward", s=session)
            asking.assert_not_called()
            self.assertIsInstance(self.cell("s --rehearse", QUERY, s=session), twocvm.Rehearsal)
            asking.assert_not_called()
            results = self.cell("s --wait --into answer", QUERY + " order by 1", s=session)
            asking.assert_called_once()
        self.assertEqual(results["by-ward"].patients.tolist(), [2, 1])
        self.assertIs(self.shell.user_ns["answer"], results)

    def test_a_wrong_target_is_said(self) -> None:
        for line, variables in (("nothing", {}), ("x", {"x": 7})):
            with self.assertRaises(twocvm.WrongUse):
                self.cell(line, QUERY, **variables)


@unittest.skipUnless(INSTALLED.is_dir() and any(INSTALLED.iterdir()), "there is no installed runtime python")
class Scripts(InShell):
    def test_a_script_with_pandas_is_rehearsed_as_a_cell(self) -> None:
        os.environ["TWOCVM_RUNTIMES"] = str(INSTALLED)
        script = (
            "import pandas as pd\n"
            "stays = pd.read_csv('/data/stays.csv')\n"
            "stays.groupby('ward').size().rename('patients').reset_index().to_csv('/output/by-ward.csv', index=False)\n"
        )
        collaboration = self.collaboration().python(script)
        rehearsal = collaboration.rehearse()
        self.assertEqual(rehearsal["by-ward"].patients.tolist(), [2, 1])
        made = self.cell("c", script + "# another\n", c=collaboration)
        self.assertEqual(made["by-ward"].patients.sum(), 100)
        self.assertTrue(pathlib.Path("stays/stays.py").exists())


if __name__ == "__main__":
    unittest.main()
