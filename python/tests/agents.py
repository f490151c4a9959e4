"""A query over one table, who asks it, and a machine of one's own."""

from __future__ import annotations

import os
from typing import Any

import pandas as pd
import twocvm
from support import InFolder, needs_sql

QUERY = "select ward, count(*) as patients, avg(days) as days from stays group by ward"
STAYS = pd.DataFrame({"ward": ["a", "a", "b"], "days": [2, 4, 9]})
FORMAT = twocvm.table(
    3,
    ward=twocvm.text(["a", "b", "c"]),
    patients=twocvm.integer(0, 100),
    days=twocvm.decimal(1, "0", "365"),
)


@needs_sql
class WithAgent(InFolder):
    machine: twocvm.SimulatedAgent

    def setUp(self) -> None:
        super().setUp()
        self.me = twocvm.Identity.create("me")

    def agent(self) -> twocvm.Agent:
        """A machine of one's own: it takes one manifest in its life."""
        machine = twocvm.SimulatedAgent(options=["--keys", str(self.folder.parent / f"twocvm-keys-{os.getpid()}")])
        self.addCleanup(machine.close)
        self.machine = machine
        return machine.agent

    def collaboration(self, frame: Any = STAYS, **rules: Any) -> twocvm.Collaboration:
        return (
            twocvm.Collaboration("stays", purpose="How long, by ward?")
            .participant(self.me)
            .data("stays", frame, provider="me")
            .sql(QUERY)
            .output("by-ward", recipients=["me"], format=FORMAT, **rules)
        )

    def locked(self) -> twocvm.AttestedSession:
        return self.agent().attest(self.collaboration().sign(self.me), self.me).lock()
