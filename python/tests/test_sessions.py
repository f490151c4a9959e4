"""From a signed manifest to a receipt, and what nobody must be able to skip on the way."""

from __future__ import annotations

import asyncio
import json
import os
import pathlib
import socket
import subprocess
import sys
import threading
import time
import unittest
from collections.abc import Callable
from typing import Any
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq
import twocvm
from agents import FORMAT, QUERY, STAYS, WithAgent
from support import ROOT
from twocvm import Refused


class Sessions(WithAgent):
    def test_a_session_from_the_draft_to_the_receipt(self) -> None:
        session = self.locked()
        self.assertTrue(session.is_locked)
        self.assertRegex(session.words, r"^([a-z]{5}-){5}[a-z]{5}$")
        self.assertEqual(sorted(session.submit()), ["query", "sql", "stays"])
        results = session.results()
        self.assertEqual(results["by-ward"].days.tolist(), [3.0, 9.0])
        verified = results.receipt.verify()
        self.assertEqual((verified.outcome, verified.ended, verified.is_simulated), ("completed", True, True))
        self.assertIn("SIMULATED", str(verified))
        self.assertIn('sandbox=""', verified._repr_html_())
        (results.folder / "by-ward").write_text("ward,patients,days\na,1,1.0\n")
        with self.assertRaises(Refused):
            results.receipt.verify()
        with self.assertRaises(Refused):
            session.results(1)

    def test_evidence_that_does_not_hold_gives_no_session(self) -> None:
        agent = self.agent()
        manifest = self.collaboration().sign(self.me)
        with self.assertRaises(twocvm.Contraindicated) as caught:
            twocvm.Agent(agent.url).attest(manifest, self.me)
        self.assertIn("evidence.certificate.root", [finding["code"] for finding in caught.exception.findings])
        with self.assertRaises(twocvm.Contraindicated):
            twocvm.Agent(agent.url, simulated_root="sha256:" + "0" * 64).attest(manifest, self.me)

    def test_no_call_goes_to_another_session_than_the_one_whose_words_were_compared(self) -> None:
        agent = self.agent()
        before = agent.attest(self.collaboration().sign(self.me), self.me)
        right, before.words = before.words, "-".join(["babab"] * 6)
        with self.assertRaises(Refused) as caught:
            before.lock()
        self.assertEqual(caught.exception.code, "session.other")
        before.words = right
        session = before.lock()
        # The session that was attested before the lock is another one.
        with self.assertRaises(Refused):
            before.submit()
        session.words = right
        calls: tuple[Callable[[], Any], ...] = (session.submit, lambda: session.results(wait=False), session.withdraw)
        for call in calls:
            with self.assertRaises(Refused) as other:
                call()
            self.assertEqual(other.exception.code, "session.other")
        self.assertEqual(agent.status().filled, 0)
        self.assertFalse((self.folder / "home" / "ledger.jsonl").exists())

    def test_following_tells_each_stage_until_the_end(self) -> None:
        session = self.locked()
        stages: list[str] = []
        thread = threading.Thread(target=lambda: session.agent.follow(lambda status: stages.append(status.stage)))
        thread.start()
        time.sleep(0.5)
        session.submit()
        thread.join(60)
        self.assertEqual((stages[0], stages[-1]), ("admitting", "finished"))

    def test_a_restarted_kernel_goes_on_where_the_other_stopped(self) -> None:
        session = self.locked()
        session.submit()
        code = f"""
import pandas as pd, twocvm
me = twocvm.Identity.create("me", exist_ok=True)
c = (twocvm.Collaboration("stays", purpose="How long, by ward?").participant(me)
    .data("stays", pd.DataFrame({STAYS.to_dict("list")}), provider="me").sql({QUERY!r})
    .output("by-ward", recipients=["me"], format={FORMAT!r}))
m = twocvm.Manifest("stays/stays.me.json", c.draft().files)
assert m.digest == c.draft().digest
s = twocvm.Agent({self.machine.url!r}, simulated_root={self.machine.root!r}).attest(m, me)
try:
    s.submit()
except twocvm.Refused as error:
    print(error.code)
print(s.words, s.results()["by-ward"].days.tolist())
"""
        variables = {**os.environ, "PYTHONPATH": str(ROOT / "python" / "src")}
        for _ in range(2):
            done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=variables)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn(f"{session.words} [3.0, 9.0]", done.stdout)

    def test_what_32_bits_cannot_hold_is_refused_before_anything_is_submitted(self) -> None:
        columns = {"ward": twocvm.text(["a", "b"]), "days": twocvm.integer(0, 365)}
        steps = twocvm.Collaboration("stays").participant(self.me).sql(QUERY)
        steps.data("stays", provider="me", format=twocvm.table(1000, columns), maximum_bytes=1 << 20)
        manifest = steps.output("by-ward", recipients=["me"], format=FORMAT).sign(self.me)
        agent = self.agent()
        session = agent.attest(manifest, self.me).lock()
        table = pa.table({"ward": ["a"] * 1000, "days": [1] * 1000})
        pq.write_table(table, "stays.parquet")
        pathlib.Path("stays.csv").write_text("ward,days\n" + "a,1\n" * 1000)
        for source in ("stays.csv", "stays.parquet", table):
            with mock.patch("twocvm._runtime.BYTES", 4000), self.assertRaises(Refused) as caught:
                session.submit(stays=source)
            self.assertEqual(caught.exception.code, "data.address-space")
        self.assertEqual(agent.status().filled, 0)
        session.submit(stays="stays.parquet")
        self.assertEqual(agent.status().filled, agent.status().total)

    def test_a_second_machine_for_one_manifest_is_refused_from_the_same_home(self) -> None:
        session = self.locked()
        session.submit()
        other = self.agent().attest(session.manifest, self.me).lock()
        self.assertNotEqual(other.words, session.words)
        with self.assertRaises(Refused) as caught:
            other.submit()
        self.assertEqual(caught.exception.code, "ledger.session")
        other.submit(accept_second_session=other.words)

    def test_two_notebooks_on_one_home_submit_each_thing_once(self) -> None:
        session = self.locked()
        outcomes: list[Any] = []

        def submit() -> None:
            try:
                outcomes.append(session.submit())
            except Refused as error:
                outcomes.append(error.code)

        threads = [threading.Thread(target=submit) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(session.agent.status().filled, 3)
        ledger = (self.folder / "home" / "ledger.jsonl").read_text().splitlines()
        self.assertEqual(len({json.loads(line)["session"] for line in ledger}), 1)
        self.assertEqual(session.results()["by-ward"].days.tolist(), [3.0, 9.0])

    def test_the_async_forms_go_the_same_way(self) -> None:
        async def main() -> list[float]:
            manifest = await self.collaboration().asign(self.me)
            session = await (await self.agent().aattest(manifest, self.me)).alock()
            results, _ = await asyncio.gather(session.aresults(), session.asubmit())
            await results.receipt.averify()
            return list(results["by-ward"].days)

        self.assertEqual(asyncio.run(main()), [3.0, 9.0])

    def test_a_wait_that_is_cancelled_leaves_nothing(self) -> None:
        session = self.locked()

        async def main() -> None:
            async with asyncio.timeout(2):
                await session.aresults()

        with self.assertRaises(TimeoutError):
            asyncio.run(main())
        left = [p.name for p in session.manifest.path.parent.iterdir() if "fetching" in p.name or "run-" in p.name]
        self.assertEqual(left, [])


class Questions(WithAgent):
    def test_questions_are_read_before_they_run_and_answers_before_they_leave(self) -> None:
        bank = twocvm.Identity.create("bank", home=self.folder / "home-bank")
        bank.trust("me", self.me.public)
        self.me.trust("bank", bank.public)
        collaboration = (
            twocvm.Collaboration("asked")
            .participant(self.me, bank)
            .data(
                "stays",
                provider="bank",
                format=twocvm.table(99, ward=twocvm.text(["a", "b"]), days=twocvm.integer(0, 9)),
            )
            .sql(QUERY)
            .output("by-ward", recipients=["me"], format=FORMAT, approval=["bank"])
            .questions(2, approval=["bank"])
        )
        manifest = collaboration.sign(self.me).join(collaboration.sign(bank))
        agent = self.agent()
        mine = agent.attest(manifest, self.me).lock()
        theirs = agent.attest(twocvm.Manifest(manifest.path), bank)
        self.assertEqual(mine.words, theirs.words)
        mine.submit()
        theirs.submit(stays=STAYS)
        self.assertEqual(theirs.reviews(), [])

        mine.ask(QUERY)
        (question,) = theirs.reviews(wait=True)
        self.assertIn('sandbox=""', question._repr_html_())
        self.assertIn(question.digest, question.page)
        self.assertEqual((question.run, question.subject, question.text("query")), (1, "question", QUERY + "\n"))
        for wrong in ("0" * 64, question.digest[:-1] + ("0" if question.digest[-1] != "0" else "1")):
            with self.assertRaises(Refused):
                theirs.approve(wrong)
        with self.assertRaises(twocvm.WrongUse):
            theirs.approve(question)  # type: ignore[arg-type]
        theirs.approve(question.digest)
        with self.assertRaises(Refused):
            theirs.approve(question.digest)
        (result,) = theirs.reviews(wait=True)
        self.assertEqual(result.subject, "result")
        theirs.approve(result.digest)
        first = mine.results()
        self.assertEqual(first["by-ward"].days.tolist(), [3.0, 9.0])

        mine.ask(QUERY + " having count(*) > 1")
        (other,) = theirs.reviews(wait=True)
        self.assertIn("+" + QUERY + " having count(*) > 1", other.differs_from(question))
        theirs.refuse(other.digest)
        theirs.reviews(wait=True)
        with self.assertRaises(twocvm.RunFailed) as caught:
            mine.results()
        second = caught.exception.results
        verified = twocvm.Receipt([second.folder, first.folder], manifest, simulated_root=self.machine.root).verify()
        self.assertEqual((verified.newest_run, verified.ended), (2, True))


class Hostile(WithAgent):
    """What answers is no agent of ours."""

    def answering(self, answer: bytes, *, endless: bool = False) -> twocvm.Agent:
        server = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(server.close)

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                    with connection:
                        connection.recv(65536)
                        connection.sendall(answer)
                        for _ in range(4096 if endless else 0):
                            connection.sendall(b"x" * 65536)
                except OSError:
                    if server.fileno() < 0:
                        return

        threading.Thread(target=serve, daemon=True).start()
        return twocvm.Agent(f"http://127.0.0.1:{server.getsockname()[1]}", simulated_root="sha256:" + "0" * 64)

    def test_markup_garbage_and_floods_are_errors_that_are_text(self) -> None:
        manifest = self.collaboration().sign(self.me)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
        problem = json.dumps(
            {"code": "a\x1b[2J", "title": "<script>", "detail": "<img src=x onerror=y>\x1b[2J\u202e"}
        ).encode()
        bodies = [
            b"",
            b"\0" * 100,
            b"<script>alert(1)</script>",
            b"{}",
            b"[" * 100_000,
            b'{"version":1,"stage":"<script>"}',
        ]
        answers = [head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body for body in bodies]
        answers += [
            b"HTTP/1.1 409 Conflict\r\nContent-Type: application/problem+json\r\n"
            + f"Content-Length: {len(problem)}\r\n\r\n".encode()
            + problem,
            b"SSH-2.0-OpenSSH\r\n",
            b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        ]
        for answer in answers:
            agent = self.answering(answer)
            with self.subTest(answer[:80]), self.assertRaises(twocvm.TwoCVMError) as caught:
                agent.attest(manifest, self.me)
            self.assertNotIn("\x1b", str(caught.exception))
            self.assertFalse(hasattr(caught.exception, "_repr_html_"))
            with self.assertRaises(twocvm.TwoCVMError):
                agent.status()

    def test_a_flood_ends_within_its_bounds(self) -> None:
        manifest = self.collaboration().sign(self.me)
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n"
        start = time.monotonic()
        with self.assertRaises(twocvm.TwoCVMError):
            self.answering(head, endless=True).attest(manifest, self.me)
        self.assertLess(time.monotonic() - start, 30)


if __name__ == "__main__":
    unittest.main()
