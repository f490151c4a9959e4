"""From the steps of a builder to a draft, a rehearsal and signatures."""

from __future__ import annotations

import os
import pathlib
import signal
import subprocess
import threading
import time
import unittest
from typing import Any
from unittest import mock

import pandas as pd
import twocvm
from agents import FORMAT, QUERY, STAYS, WithAgent
from twocvm import Refused


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

    def test_a_question_that_fails_while_it_is_drafted_says_why(self) -> None:
        # Its result would have shown the output's format.
        collaboration = twocvm.Collaboration("stays").participant(self.me).data("stays", STAYS, provider="me")
        collaboration.sql("select county from stays").output("by-ward", recipients=["me"])
        with self.assertRaises(twocvm.RunFailed) as caught:
            collaboration.draft()
        self.assertIn("sql printed:\nstays.sql: line 1", str(caught.exception))
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

    def test_a_csv_file_that_was_written_again_with_the_same_content_is_the_same_data(self) -> None:
        STAYS.to_csv("s.csv", index=False)
        signed = self.collaboration("s.csv").sign(self.me)
        os.utime("s.csv", (1, 1))
        self.assertEqual(self.collaboration("s.csv").draft().digest, signed.digest)

    def test_a_parquet_file_is_drafted_from_and_found_again_by_what_it_holds(self) -> None:
        STAYS.to_parquet("s.parquet")
        first = self.collaboration("s.parquet")
        self.assertEqual(first.rehearse()["by-ward"].patients.tolist(), [2, 1])
        STAYS.to_parquet("s.parquet")
        self.assertEqual(self.collaboration("s.parquet").draft().digest, first.draft().digest)
        STAYS.head(1).to_parquet("s.parquet")
        self.assertNotEqual(self.collaboration("s.parquet").draft().digest, first.draft().digest)

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

    def test_room_that_32_bits_do_not_have_is_not_promised_to_others(self) -> None:
        draft = twocvm.Collaboration("stays").participant(self.me).sql(QUERY)
        draft.output("by-ward", recipients=["me"], format=FORMAT)
        columns = {"ward": twocvm.text(["a"]), "days": twocvm.integer(0, 365)}
        draft.data("stays", provider="me", format=twocvm.table(9, columns), maximum_bytes=5 << 30)
        with self.assertRaises(Refused) as caught:
            draft.draft()
        self.assertEqual(caught.exception.code, "data.address-space")

    def test_a_frame_that_is_too_long_for_the_manifest_is_refused_before_it_is_sent(self) -> None:
        long = pd.DataFrame({"ward": ["a"] * 200_000, "days": [1] * 200_000})
        manifest = self.collaboration().draft()
        with self.assertRaises(Refused) as caught:
            manifest.rehearse({"stays": long})
        self.assertEqual(caught.exception.code, "data.size")
        with mock.patch("twocvm._runtime.BYTES", 1000), self.assertRaises(Refused) as other:
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


if __name__ == "__main__":
    unittest.main()
