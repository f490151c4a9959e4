"""The pages on evidence and receipts, as a browser shows them."""

import json
import pathlib
import shutil
import tempfile
import unittest

import made
from browser import MISSING, REASON, Browser

SESSION = made.ROOT / "Tests/CommandTests/Session"
EVIDENCE = made.ROOT / "Tests/CommandTests/Evidence"
AXE = made.ROOT / ".deps/tests/axe.min.js"
ROWS = (
    "return [...document.querySelectorAll('#checks ~ table tbody tr')]"
    ".map(row => [...row.cells].map(cell => cell.innerText))"
)
ROOT_KEY = made.simulated_root("evidence")
SESSION_ROOT = made.simulated_root("receipt")
NONCE = "02" * 32


@unittest.skipIf(MISSING, REASON)
class Verdicts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())

    def evidence(self, *words, status=0, nonce=NONCE, **options):
        file = pathlib.Path(self.folder) / "evidence.html"
        bundle = ("evidence", "verify", EVIDENCE / "bundle.json", "--manifest", EVIDENCE / "manifest.json")
        made.command(*bundle, "--nonce", nonce, *words, "--html", file, "--force", status=status)
        self.browser.show(file.as_uri(), **options)
        return file

    def affirmed(self, **options):
        return self.evidence("--simulated-root", ROOT_KEY, "--at", "2026-09-01", **options)

    def test_each_check_says_its_verdict_what_was_expected_found_and_what_to_do(self):
        self.affirmed()
        text = self.browser.text()
        self.assertIn("The evidence is affirmed: nothing counts against it.", text)
        self.assertIn("Judged as of 2026-09-01T00:00:00Z.", text)
        self.assertIn("This page proves nothing", text)
        self.assertIn("2cvm evidence verify BUNDLE", text)
        rows = self.browser.run(ROWS)
        self.assertEqual({row[0] for row in rows}, {"not asked", "holds"})
        by_code = {row[1].split()[-1]: row for row in rows}
        measurement = by_code["evidence.measurement"]
        self.assertEqual(measurement[2], measurement[3])
        self.assertEqual(measurement[2], "a5" * 48)
        self.assertEqual(by_code["evidence.nonce"][2:4], [NONCE, NONCE])
        for code in ("evidence.host-data", "evidence.report-data", "evidence.signature", "evidence.policy.debug"):
            self.assertEqual(by_code[code][0], "holds")

    def test_what_fails_stands_first_with_what_to_do(self):
        self.evidence("--at", "2036-01-01", status=1, nonce="01" * 32)
        text = self.browser.text()
        self.assertRegex(text, r"The evidence is contraindicated: \d+ of \d+ checks fail\.")
        rows = self.browser.run(ROWS)
        verdicts = [row[0] for row in rows]
        self.assertEqual(verdicts, sorted(verdicts, key=["fails", "not asked", "holds"].index))
        failed = {row[1].split()[-1]: row for row in rows if row[0] == "fails"}
        self.assertIn(
            "name a simulated one, as its agent prints it, with --simulated-root",
            failed["evidence.certificate.root"][4],
        )
        self.assertEqual(failed["evidence.nonce"][2:4], ["01" * 32, NONCE])

    def test_shows_the_report_field_by_field_on_demand(self):
        self.affirmed()
        shown = "return document.querySelector('details table').checkVisibility()"
        self.assertFalse(self.browser.run(shown))
        self.browser.click("details summary")
        self.assertTrue(self.browser.run(shown))
        text = self.browser.text()
        for field in json.loads(made.command("evidence", "show", EVIDENCE / "report.bin", "--json"))["fields"]:
            self.assertIn(field["value"], text)
            self.assertIn(field["meaning"], text)

    def test_asks_for_nothing_fits_and_bars_nobody(self):
        for width in (1280, 390):
            for scheme in ("light", "dark"):
                file = self.affirmed(width=width, scheme=scheme)
                self.assertEqual(self.browser.requests(), [file.as_uri()])
                self.assertEqual(self.browser.run("return document.scripts.length"), 0)
                self.assertTrue(self.browser.run("return document.documentElement.scrollWidth <= innerWidth"))
                self.browser.bars(AXE, self)

    def test_a_page_changes_no_verdict_and_no_token(self):
        words = ["evidence", "verify", EVIDENCE / "bundle.json", "--manifest", EVIDENCE / "manifest.json", "--json"]
        words += ["--nonce", NONCE, "--simulated-root", ROOT_KEY, "--at", "2026-09-01"]
        file = pathlib.Path(self.folder) / "beside.html"
        self.assertEqual(made.command(*words), made.command(*words, "--html", file))
        made.command(*words, "--html", file, status=1)

    def receipt(self, folder, *words, status=0, **options):
        file = pathlib.Path(self.folder) / "receipt.html"
        made.command(
            "receipt", "verify", folder, "--manifest", SESSION / "manifest.json", *words, "--html", file, "--force",
            status=status,
        )  # fmt: skip
        self.browser.show(file.as_uri(), **options)
        return file

    def test_a_receipt_says_what_was_compared(self):
        for width, scheme in ((1280, "light"), (390, "dark")):
            file = self.receipt(SESSION / "results", "--simulated-root", SESSION_ROOT, width=width, scheme=scheme)
            self.assertEqual(self.browser.requests(), [file.as_uri()])
            self.assertTrue(self.browser.run("return document.documentElement.scrollWidth <= innerWidth"))
            self.browser.bars(AXE, self)
        self.receipt(SESSION / "results", "--simulated-root", SESSION_ROOT)
        text = self.browser.text()
        self.assertIn("The receipt holds.", text)
        self.assertIn("The results were released", text)
        self.assertIn("It is simulated: no processor stands behind it.", text)
        self.assertIn("2cvm receipt verify FOLDER --manifest SIGNED.json", text)
        rows = {row[1]: row for row in self.browser.run(ROWS.replace("#checks", "#run-1"))}
        output = rows["what came out as coefficients"]
        self.assertEqual(output[0], "holds")
        self.assertEqual(output[2], output[3])
        self.assertEqual(rows["the receipt's manifest"][2], rows["the receipt's manifest"][3])

    def test_a_receipt_of_an_output_that_is_not_here_says_so(self):
        folder = pathlib.Path(self.folder) / "without"
        shutil.copytree(SESSION / "results", folder)
        (folder / "coefficients").unlink()
        self.receipt(folder, "--simulated-root", SESSION_ROOT)
        rows = {row[1]: row for row in self.browser.run(ROWS.replace("#checks", "#run-1"))}
        self.assertEqual(rows["what came out as coefficients"][0], "not looked at")

    def test_what_does_not_hold_is_a_page_too(self):
        folder = pathlib.Path(self.folder) / "changed"
        shutil.copytree(SESSION / "results", folder)
        (folder / "coefficients").write_text("another")
        self.receipt(folder, "--simulated-root", SESSION_ROOT, status=1)
        self.assertIn("It does not hold: do not rely on it.", self.browser.text())
        rows = self.browser.run(ROWS)
        self.assertEqual([row[0] for row in rows], ["fails", "not looked at"])
        self.assertIn("coefficients is not what the receipt commits to", rows[0][1])
        self.receipt(SESSION / "results", status=1)
        self.assertIn("evidence.certificate.root", self.browser.text())


if __name__ == "__main__":
    unittest.main()
