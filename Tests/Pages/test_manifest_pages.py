"""The pages on manifests, as a browser shows them: `python3 -B -m unittest discover --start-directory Tests/Pages`."""

import http.server
import pathlib
import random
import re
import socketserver
import tempfile
import threading
import unittest

import made
from browser import MISSING, REASON, Browser

AXE = made.ROOT / ".deps/tests/axe.min.js"
TAB, DOWN = "\ue004", "\ue015"
ACCENT = {"light": "rgb(11, 87, 164)", "dark": "rgb(140, 194, 255)"}

# Text that a page must show and never obey. A manifest's purpose holds no character that hides itself.
MARKUP = '</blockquote></style><script>document.title="obeyed"</script><img src="http://127.0.0.1:1/x" onerror="1">'

OVERLAPS = """
const boxes = [...document.querySelectorAll('svg text')].filter(text => text.checkVisibility()).map(text =>
  [text.textContent, text.getBoundingClientRect()])
const found = []
for (const [one, a] of boxes) for (const [other, b] of boxes)
  if (one < other || (one === other && a.y < b.y))
    if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
      found.push(one + ' / ' + other)
for (const node of document.querySelectorAll('svg rect')) {
  const rect = node.getBoundingClientRect(), text = node.nextElementSibling.getBoundingClientRect()
  if (text.right > rect.right) found.push(node.nextElementSibling.textContent + ' leaves its box')
}
return found
"""


@unittest.skipIf(MISSING, REASON)
class Pages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)
        cls.folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        cls.cohort = made.write(cls.folder, "cohort.json", made.example("cohort-regression"))
        cls.shared = made.write(cls.folder, "shared.json", made.example("shared-customers"))

    def page(self, *words, status=0):
        file = pathlib.Path(self.folder) / "page.html"
        made.command("manifest", *words, "--html", file, "--force", status=status)
        return file

    def explain(self, manifest, *words, **options):
        file = self.page("explain", manifest, *words)
        self.browser.show(file.as_uri(), **options)
        return file

    def test_asks_for_nothing_but_itself_and_runs_nothing(self):
        for words in [("explain", self.cohort), ("diff", self.cohort, self.shared)]:
            file = self.page(*words, status=int(words[0] == "diff"))
            self.browser.show(file.as_uri())
            self.assertEqual(self.browser.requests(), [file.as_uri()])
            self.assertEqual(self.browser.log("browser"), [], "the policy fits the page's own style")
            self.assertEqual(self.browser.run("return document.scripts.length"), 0)
            self.assertNotEqual(self.browser.run("return getComputedStyle(document.body).margin"), "8px")

    def test_policy_would_stop_what_a_fault_of_ours_let_through(self):
        asked = []

        class Note(http.server.BaseHTTPRequestHandler):
            timeout = 1

            def do_GET(self):
                asked.append(self.path)
                self.send_error(404)

            def log_message(self, *_):
                pass

        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Note)
        self.addCleanup(server.server_close)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        self.addCleanup(server.shutdown)
        address = f"http://127.0.0.1:{server.server_address[1]}"
        file = self.page("explain", self.cohort)
        added = (
            f"<script>document.title='obeyed'</script><script src='{address}/a'></script><img src='{address}/b'>"
            f"<svg onload=\"document.title='obeyed'\"><image href='{address}/c'/></svg>"
            f"<iframe src='{address}/d'></iframe>"
            f"<style>main{{background:url({address}/e)}}</style><p style='background:url({address}/f)'>x</p>"
            f"<link rel=stylesheet href='{address}/g'><object data='{address}/h'></object>"
        )
        file.write_text(file.read_text().replace("</main>", added + "</main>"))
        self.browser.show(file.as_uri())
        self.assertIn("cohort-regression", self.browser.run("return document.title"))
        self.assertEqual(asked, [])

    def test_shows_markup_in_a_purpose_and_obeys_none(self):
        manifest = made.example("cohort-regression")
        manifest["purpose"] = MARKUP + " مرحبا " + "x" * 1500
        file = self.explain(made.write(self.folder, "hostile.json", manifest), width=390)
        self.assertIn(MARKUP, self.browser.text())
        self.assertEqual(self.browser.run("return document.querySelectorAll('script,img').length"), 0)
        self.assertEqual(self.browser.requests(), [file.as_uri()])
        self.assertTrue(self.fits(), "a word of 1,500 letters is broken")
        length = "return document.querySelector('blockquote bdi').textContent.length"
        self.assertEqual(self.browser.run(length), 1507 + len(MARKUP))

    def fits(self):
        return self.browser.run("return document.documentElement.scrollWidth <= innerWidth")

    def test_fits_a_desk_and_a_phone_in_light_and_in_dark_and_bars_nobody(self):
        files = [("explain", self.cohort, "--as", "hospital-b"), ("diff", self.cohort, self.shared)]
        files.append(("explain", made.write(self.folder, "large.json", made.large())))
        for words in files:
            file = self.page(*words, status=int(words[0] == "diff"))
            for width in (1280, 390):
                for scheme in ("light", "dark"):
                    with self.subTest(words=words[0], width=width, scheme=scheme):
                        self.browser.show(file.as_uri(), width=width, scheme=scheme)
                        self.assertTrue(self.fits())
                        self.browser.bars(AXE, self)

    def test_highlights_by_mouse_and_by_keyboard(self):
        self.explain(self.cohort)
        stroke = "return getComputedStyle(document.querySelector('rect.t1')).stroke"
        self.assertNotEqual(self.browser.run(stroke), ACCENT["light"])
        self.browser.click("#pick-t1")
        self.assertEqual(self.browser.run(stroke), ACCENT["light"])
        log = "return getComputedStyle(document.querySelector('rect:not(.t1)')).stroke"
        self.assertNotEqual(self.browser.run(log), ACCENT["light"], "what does not reach hospital-b stays as it was")
        self.browser.run("document.querySelector('#pick-none').focus()")
        self.browser.keys(DOWN)
        self.assertTrue(self.browser.run("return document.querySelector('#pick-t0').checked"))
        self.assertEqual(self.browser.run(stroke.replace("t1", "t0")), ACCENT["light"])

    def test_shows_the_part_of_the_participant_that_is_chosen(self):
        file = self.explain(made.write(self.folder, "large.json", made.large()), "--as", "hospital-03")
        self.assertLessEqual(file.stat().st_size, 200 << 10)
        visible = (
            "return [...document.querySelectorAll('.part')].filter(part => part.checkVisibility())"
            ".map(part => part.querySelector('title').textContent)"
        )
        self.assertEqual(len(self.browser.run(visible)), 1)
        self.assertIn("hospital-03", self.browser.run(visible)[0])
        parts = self.browser.run("return document.querySelectorAll('.part').length")
        self.assertEqual(parts, 20)
        for index in range(parts):
            self.browser.click(f"#pick-p{index}")
            self.assertEqual(self.browser.run(OVERLAPS), [])
        order = self.browser.run("return [...document.querySelectorAll('h2')].map(title => title.id)")
        self.assertLess(order.index("matrix"), order.index("graph"))

    def test_draws_no_label_over_another(self):
        for manifest in (self.cohort, self.shared):
            self.explain(manifest)
            self.assertEqual(self.browser.run(OVERLAPS), [])

    def test_prints_everything(self):
        self.explain(self.cohort)
        self.browser.media("print")
        closed = (
            "return [...document.querySelectorAll('details')]"
            ".filter(part => part.lastChild.getBoundingClientRect().height === 0).length"
        )
        self.assertGreater(self.browser.run("return document.querySelectorAll('details').length"), 0)
        self.assertEqual(self.browser.run(closed), 0, "what one opens on a screen is printed open")
        self.browser.media("screen")
        pdf = self.browser.pdf()
        self.assertTrue(pdf.startswith(b"%PDF"))
        self.assertGreater(len(re.findall(rb"/Type\s*/Page\b", pdf)), 1)

    def says(self, *sentences):
        """Whoever sees the page reads it, and whoever hears it is told."""
        text, names = self.browser.text(), [name for _, name in self.browser.tree()]
        for sentence in sentences:
            self.assertIn(sentence, text)
            self.assertTrue(any(sentence in name for name in names), f"a screen reader is not told: {sentence}")
        return text

    def test_answers_the_questions_of_the_cohort(self):
        self.explain(self.cohort, "--as", "hospital-a")
        text = self.says(
            "You receive coefficients, which can tell at most 873 bits, and can learn from it what the code lets out "
            "of patients-b and patients-c; beside that, how moments-a, moments-b, moments-c and regression behave.",
            "What the code lets out of patients-b can reach you, hospital-c and statistician, at most 2,190 bits to "
            "all of them together:",
            "patients-b is read by moments-b (statistician's code). What that passes on can come to moments-a "
            "(statistician's code), moments-c (statistician's code) and regression (statistician's code).",
            "Waived, kind: The platform is simulated: it keeps nobody out. For rehearsals only.",
            "Which measurements go with the progression of diabetes after one year? One regression over the patients "
            "of three hospitals. No row leaves its hospital.",
        )
        self.assertLess(text.index("You, hospital-a"), text.index("\nhospital-b\n"))
        tree = self.browser.tree()
        self.assertIn(("image", "How data, code, outputs and recipients are connected"), tree)
        self.assertIn(("rowheader", "hospital-b's data"), tree)
        self.assertIn(("radio", "what can reach hospital-b"), tree)

    def test_answers_the_questions_of_the_banks(self):
        self.explain(self.shared, "--as", "bank-b")
        text = self.says(
            "What the code lets out of your customers-b can reach bank-a, at most ",
            "customers-b is read by sql (bank-a's code). No other code can get anything of it.",
            "shared has a smallest group:",
        )
        bits = re.search(r"You receive shared, which can tell at most ([\d,]+ bits)", text).group(1)
        row = self.browser.run("return [...document.querySelectorAll('tbody tr')].map(row => row.innerText)")
        self.assertIn(f"bank-a's data\t{bits}\ttheir own".split("\t")[0], row[1])
        self.assertIn(bits, "\n".join(row))

    def test_answers_the_questions_of_the_clinic(self):
        manifest = made.write(self.folder, "private-model.json", made.example("private-model"))
        self.explain(manifest, "--as", "clinic")
        text = self.says(
            "What the code lets out of your patients can reach model-owner, at most 17 bits:",
            "patients is read by python (model-owner's code). No other code can get anything of it.",
            "python gets repeatable randomness: every participant can compute each of its bytes.",
        )
        self.assertRegex(
            text, r"You receive predictions, which can tell at most [\d,]+ bits, and can learn from it what the"
        )

    def test_answers_the_questions_of_those_who_are_asked(self):
        template = made.example("shared-customers", "questions.template.json")
        self.explain(made.write(self.folder, "questions.json", template), "--as", "bank-b")
        self.says(
            "answer goes to analyst: a table (CSV) of at most 100 rows and 4 columns, at most 64 KiB, which can tell "
            "at most 18,615 bits in each run.",
            "What the code lets out of your customers-b can reach analyst and bank-a, at most 74,459 bits to all of "
            "them together:",
            "customers-b is read by sql (analyst's code). No other code can get anything of it.",
            "You see answer and question, which can tell at most 361,683 bits together in all 4 runs",
        )
        tree = self.browser.tree()
        self.assertIn(("rowheader", "bank-b's data"), tree)
        self.assertIn(("image", "How data, code, outputs and recipients are connected"), tree)

    def test_says_what_changed(self):
        manifest = made.example("cohort-regression")
        manifest["outputs"][1]["recipients"].append("hospital-c")
        manifest["limits"]["wallTimeSeconds"] = 120
        other = made.write(self.folder, "other.json", manifest)
        self.browser.show(self.page("diff", self.cohort, other, status=1).as_uri())
        text = self.says("hospital-c receives regression-log now.", "The run may take 2 minutes instead of 1 minute.")
        headings = [name for role, name in self.browser.tree() if role == "heading"]
        for title in ("Who can learn more", "Which bounds widened"):
            self.assertIn(title, headings)
        self.assertLess(text.index("Who can learn more"), text.index("Which bounds widened"))
        self.browser.show(self.page("diff", other, self.cohort, status=1).as_uri())
        self.assertIn("Who can learn more\nNobody.", re.sub(r"\n+", "\n", self.browser.text()))

    def test_replaces_no_file_unasked(self):
        file = pathlib.Path(self.folder) / "there.html"
        file.write_text("mine")
        made.command("manifest", "explain", self.cohort, "--html", file, status=1)
        self.assertEqual(file.read_text(), "mine")
        made.command("manifest", "explain", self.cohort, "--html", file, "--force")
        self.assertNotEqual(file.read_text(), "mine")
        made.command("manifest", "explain", self.cohort, "--force", status=64)


class Largest(unittest.TestCase):
    def test_the_largest_manifests_have_pages_of_bounded_size(self):
        with tempfile.TemporaryDirectory() as folder:
            for shape in ("chain", "crowd"):
                manifest = made.write(folder, "largest.json", made.manifests.largest(random.Random(1), shape))
                page = pathlib.Path(folder) / f"{shape}.html"
                made.command("manifest", "explain", manifest, "--html", page)
                self.assertLess(page.stat().st_size, 4 << 20)


if __name__ == "__main__":
    unittest.main()
