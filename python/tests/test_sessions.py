"""From a draft to a receipt: what a notebook does, and what it must not be able to skip."""

from __future__ import annotations

import asyncio
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
import unittest
from typing import Any
from unittest import mock

import pandas as pd
import twocvm
from support import ROOT, InFolder, needs_sql
from twocvm import Refused

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


class Drafts(WithAgent):
    def test_a_rehearsal_gives_frames_with_the_types_of_the_format_and_each_verdict(self) -> None:
        rehearsal = self.collaboration(minimum_group=("patients", 2), round={"patients": 2}).rehearse()
        frame = rehearsal["by-ward"]
        self.assertEqual(frame.to_dict("records"), [{"ward": "a", "patients": 2, "days": 3.0}])
        self.assertEqual([str(kind) for kind in frame.dtypes], ["string", "Int64", "Float64"])
        self.assertEqual(rehearsal.gates["by-ward"].dropped_rows, 1)
        self.assertIn("nothing was attested", repr(rehearsal))
        exact = rehearsal.outputs["by-ward"].frame(exact=True)
        self.assertEqual(str(exact.days[0]), "3.0")

    def test_stand_ins_take_the_place_of_what_is_not_here(self) -> None:
        them = twocvm.Identity.create("them")
        collaboration = (
            twocvm.Collaboration("two")
            .participant(self.me, them)
            .data("stays", provider="them", format=twocvm.table(9, ward=twocvm.text(["a"]), days=twocvm.integer(1, 2)))
            .sql(QUERY)
            .output("by-ward", recipients=["me"], format=FORMAT)
        )
        rehearsal = collaboration.rehearse()
        self.assertEqual(rehearsal.stand_ins, ("stays",))
        self.assertEqual(rehearsal["by-ward"].ward.tolist(), ["a"])
        own = collaboration.rehearse({"stays": pd.DataFrame({"ward": ["a"], "days": [2]})})
        self.assertEqual(own["by-ward"].days.tolist(), [2.0])
        with self.assertRaises(twocvm.WrongUse):
            collaboration.rehearse({"others": STAYS})

    def test_a_failed_rehearsal_says_why(self) -> None:
        collaboration = self.collaboration().sql("select county from stays")
        with self.assertRaises(twocvm.RunFailed) as caught:
            collaboration.rehearse()
        self.assertEqual(caught.exception.code, "run.declined")
        self.assertIn("there is no such column", str(caught.exception))

    def test_the_same_steps_find_their_draft_again(self) -> None:
        first = self.collaboration().draft()
        before = {path: path.read_bytes() for path in first.path.parent.iterdir()}
        again = self.collaboration(STAYS.copy()).draft()
        self.assertEqual(again.digest, first.digest)
        self.assertEqual({path: path.read_bytes() for path in first.path.parent.iterdir()}, before)

    def test_other_data_or_other_steps_make_another_draft(self) -> None:
        digests = [self.collaboration().draft().digest]
        for change in (
            self.collaboration(STAYS.head(2)),
            self.collaboration(minimum_group=("patients", 2)),
            self.collaboration().sql(QUERY + " having count(*) > 1"),
        ):
            digests.append(change.draft().digest)
        self.assertEqual(len(set(digests)), 4)

    def test_a_csv_file_that_was_written_again_makes_another_draft(self) -> None:
        STAYS.to_csv("s.csv", index=False)
        first = self.collaboration("s.csv").draft()
        STAYS.head(1).to_csv("s.csv", index=False)
        self.assertNotEqual(self.collaboration("s.csv").draft().digest, first.digest)

    def test_a_draft_that_somebody_signed_is_not_replaced(self) -> None:
        signed = self.collaboration().sign(self.me)
        with self.assertRaises(Refused) as caught:
            self.collaboration(STAYS.head(2)).draft()
        self.assertEqual(caught.exception.code, "draft.signed")
        self.assertEqual(self.collaboration().draft().digest, signed.digest)

    def test_a_draft_that_was_cut_off_is_made_again(self) -> None:
        draft = self.collaboration().draft()
        for name in ("stays.json", "stays.files.json", "stays.inputs.json"):
            draft.path.with_name(name).unlink()
            self.collaboration().draft()

    def test_files_and_salts_are_for_their_owner_alone(self) -> None:
        folder = self.collaboration().draft().path.parent
        for name in ("stays.files.json", "stays.csv", "stays.sql"):
            self.assertEqual((folder / name).stat().st_mode & 0o077, 0, name)

    def test_what_is_missing_is_said(self) -> None:
        for incomplete in (twocvm.Collaboration("x"), twocvm.Collaboration("x").sql("select 1 as a")):
            with self.assertRaises(twocvm.WrongUse):
                incomplete.draft()
        with self.assertRaises(twocvm.WrongUse):
            twocvm.Collaboration("x").data("a", provider="me")
        with self.assertRaises(twocvm.TwoCVMError):
            self.collaboration().participant("absent.pub").draft()

    def test_names_that_need_escaping_are_refused_or_taken_as_they_are(self) -> None:
        for name in ("a b", "../x", "-x", "--force", "a=b", "a:b", "", "a" * 41, "É"):
            with self.subTest(name), self.assertRaises((twocvm.TwoCVMError, OSError)):
                self.collaboration().output(name, recipients=["me"], format=FORMAT).draft()
        folder = pathlib.Path("a b; $(touch x) 'ü\"")
        draft = twocvm.Collaboration("y", folder=folder).participant(self.me)
        draft.data("stays", STAYS, provider="me").sql(QUERY).output("by-ward", recipients=["me"], format=FORMAT)
        self.assertEqual(draft.rehearse()["by-ward"].ward.tolist(), ["a", "b"])
        self.assertFalse(pathlib.Path("x").exists())

    def test_what_32_bits_cannot_hold_is_said_before_there_is_a_draft(self) -> None:
        with open("big.csv", "w") as file:
            file.write("ward,days\n")
            file.truncate(5 << 30)
        with self.assertRaises(Refused) as caught:
            self.collaboration("big.csv").draft()
        self.assertEqual(caught.exception.code, "data.address-space")
        self.assertIn("32-bit", str(caught.exception))
        self.assertFalse(pathlib.Path("stays/stays.json").exists())

    def test_a_frame_that_is_too_long_for_the_manifest_is_refused_before_it_is_sent(self) -> None:
        long = pd.DataFrame({"ward": ["a"] * 200_000, "days": [1] * 200_000})
        manifest = self.collaboration().draft()
        with self.assertRaises(Refused) as caught:
            manifest.rehearse({"stays": long})
        self.assertEqual(caught.exception.code, "data.size")
        with mock.patch("twocvm._drafting.RUNTIME_BYTES", 1000), self.assertRaises(Refused) as other:
            self.collaboration(long).draft()
        self.assertEqual(other.exception.code, "data.address-space")

    def test_two_kernels_that_draft_at_a_time_make_one_draft(self) -> None:
        found: list[str] = []
        threads = [threading.Thread(target=lambda: found.append(self.collaboration().draft().digest)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual((len(found), len(set(found))), (4, 1))


class Interrupting(WithAgent):
    def test_a_rehearsal_that_is_interrupted_leaves_no_process_of_its_own(self) -> None:
        endless = "with recursive c(x) as (select 1 union all select x + 1 from c) select count(*) as n from c"
        manifest = self.collaboration().draft()
        pathlib.Path("endless.sql").write_text(endless + "\n")
        started: list[int] = []
        popen = subprocess.Popen

        def noting(*words: Any, **options: Any) -> Any:
            child = popen(*words, **options)
            started.append(child.pid)
            return child

        timer = threading.Timer(3, lambda: os.kill(os.getpid(), signal.SIGINT))
        with mock.patch.object(subprocess, "Popen", noting), self.assertRaises(KeyboardInterrupt):
            timer.start()
            manifest.rehearse({"query": "endless.sql"})
        timer.join()
        time.sleep(0.5)
        self.assertEqual([number for number in started if members_of(number)], [])


def members_of(session: int) -> list[str]:
    """The processes of a session that a child began."""
    found = []
    for file in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = file.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            found.append(file.parent.name)
    return found


class Signing(WithAgent):
    def test_nothing_is_signed_while_a_key_is_not_known(self) -> None:
        them = twocvm.Identity.create("them", home=self.folder / "home-them")
        collaboration = (
            self.collaboration().participant(them).output("by-ward", recipients=["me", "them"], format=FORMAT)
        )
        with self.assertRaises(Refused) as caught:
            collaboration.sign(self.me)
        self.assertIn("them", str(caught.exception))
        self.assertEqual(self.me.trust("them", them.public), them.fingerprint)
        them.trust("me", self.me.public)
        mine = collaboration.sign(self.me)
        self.assertEqual((mine.signers, mine.missing_signers), (("me",), ("them",)))
        whole = mine.join(collaboration.sign(them))
        self.assertEqual(whole.missing_signers, ())
        self.assertEqual([key["name"] for key in self.me.known()], ["them"])

    def test_keys_are_not_made_twice(self) -> None:
        with self.assertRaises(Refused):
            twocvm.Identity.create("me")
        self.assertEqual(twocvm.Identity.create("me", exist_ok=True).fingerprint, self.me.fingerprint)
        with self.assertRaises(twocvm.Unavailable):
            twocvm.Identity("nobody")

    def test_a_bound_in_bits_is_held(self) -> None:
        self.assertEqual(self.collaboration().check(maximum_bits=0).maximum_bits, 0)


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
