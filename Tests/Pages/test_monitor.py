"""The monitor, as a browser shows it, and as everybody else on this machine meets it."""

import http.client
import http.server
import os
import re
import selectors
import shlex
import shutil
import socket
import stat
import subprocess
import tempfile
import threading
import time
import unittest

import made
import watched
from browser import MISSING, REASON, Browser
from watched import MARKUP, UNBUILT, Watched, until

AXE = made.ROOT / ".deps/tests/axe.min.js"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUESTION = "select 'one' as label, -3 as amount, 2.5 as \"<b>share\"\nunion all select 'two', 4, 10.25\n"
HOSTILE = (
    "select '<svg onload=\"document.title=''obeyed''\"><script>alert(1)</script>' as label, 1 as amount, "
    '1 as "<b>share"\n'
)
MANY = (
    "with recursive n(i) as (select 1 union all select i + 1 from n where i < 10000)\n"
    "select 'row ' || i as label, i as amount, i * 0.25 as \"<b>share\" from n\n"
)


@unittest.skipIf(UNBUILT, f"not built: {', '.join(UNBUILT)}")
class Session(unittest.TestCase):
    """One session, and its agent, for all tests of a class."""

    output = None

    @classmethod
    def setUpClass(cls):
        cls.session = Watched(cls.enterClassContext(tempfile.TemporaryDirectory()), cls.output)
        cls.enterClassContext(cls.session.agent())
        cls.session.open()

    def monitor(self, name=None, *more):
        monitor = self.session.monitor(name, *more)
        self.addCleanup(monitor.close)
        return monitor


class Door(Session):
    """What is asked without a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shown = cls.session.monitor("bank")
        cls.addClassCleanup(cls.shown.close)

    def ask(self, method, path, headers=None, body=None, host=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.shown.port, timeout=20)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", host or f"127.0.0.1:{self.shown.port}")
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer, answer.read().decode()
        finally:
            connection.close()

    def enter(self):
        token = self.shown.token()
        answer, _ = self.ask("POST", self.shown.path, FORM | {"Origin": "null"}, f"token={token}".encode())
        self.assertEqual(answer.status, 200)
        return token, answer.getheader("Set-Cookie")

    def cookie(self):
        return {"Cookie": self.enter()[1].split(";")[0]}

    def test_the_file_and_its_folder_are_their_owners_alone(self):
        self.assertEqual(stat.S_IMODE(os.stat(self.shown.file).st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(os.stat(self.shown.file.parent).st_mode), 0o700)
        for page in self.shown.file.parent.glob("*.html"):
            self.assertEqual(stat.S_IMODE(os.stat(page).st_mode), 0o600)

    def test_a_token_counts_once_and_its_file_is_made_anew(self):
        token, cookie = self.enter()
        body = f"token={token}".encode()
        self.assertEqual(self.ask("POST", self.shown.path, FORM, body)[0].status, 403)
        self.assertNotEqual(self.shown.token(), token)
        self.assertEqual(self.enter()[1], cookie)

    def test_the_cookie_is_strict_and_hidden_and_of_one_path(self):
        parts = self.enter()[1].split("; ")
        self.assertEqual(parts[1:], [f"Path={self.shown.path}", "HttpOnly", "SameSite=Strict"])
        self.assertRegex(parts[0], "^monitor=[0-9a-f]{64}$")
        self.assertRegex(self.shown.path, "^/[0-9a-f]{32}/$")

    def test_shows_nothing_to_who_was_not_let_in(self):
        for path in (self.shown.path, self.shown.path + "manifest"):
            answer, text = self.ask("GET", path)
            self.assertEqual(answer.status, 403)
            self.assertNotIn("watched", text)
        wrong = {"Cookie": "monitor=" + "0" * 64}
        self.assertEqual(self.ask("GET", self.shown.path, wrong)[0].status, 403)
        self.assertEqual(self.ask("POST", self.shown.path, FORM, b"token=" + b"0" * 64)[0].status, 403)

    def test_refuses_another_host_origin_site_place_and_method(self):
        cookie = self.cookie()
        self.assertEqual(self.ask("GET", self.shown.path, cookie)[0].status, 200)
        for host in (f"evil.test:{self.shown.port}", f"localhost:{self.shown.port}", "127.0.0.1:1"):
            self.assertEqual(self.ask("GET", self.shown.path, cookie, host=host)[0].status, 421)
        for field in ({"Origin": "http://evil.test"}, {"Origin": "null"}, {"Sec-Fetch-Site": "same-site"}):
            self.assertEqual(self.ask("GET", self.shown.path, cookie | field)[0].status, 403)
        for place in ("/", "/favicon.ico", self.shown.path + "open", self.shown.path + "../x", self.shown.path + "x"):
            self.assertEqual(self.ask("GET", place, cookie)[0].status, 404, place)
        for method in ("HEAD", "PUT", "DELETE", "OPTIONS"):
            self.assertEqual(self.ask(method, self.shown.path, cookie)[0].status, 405)

    def test_every_answer_says_how_it_may_be_used(self):
        cookie = self.cookie()
        for fields, path in ((cookie, self.shown.path), ({}, self.shown.path), (cookie, "/")):
            answer, _ = self.ask("GET", path, fields)
            self.assertEqual(answer.getheader("Cache-Control"), "no-store")
            self.assertEqual(answer.getheader("X-Content-Type-Options"), "nosniff")
            self.assertEqual(answer.getheader("Referrer-Policy"), "no-referrer")
            self.assertEqual(answer.getheader("Cross-Origin-Resource-Policy"), "same-origin")
            policy = answer.getheader("Content-Security-Policy")
            self.assertRegex(policy, "^default-src 'none'; style-src 'sha256-[^']+'; ")
            self.assertIn("frame-ancestors 'none'", policy)
            self.assertNotIn("unsafe", policy)

    def test_bounds_a_request_and_how_many_there_are(self):
        self.assertEqual(self.ask("POST", self.shown.path, FORM, b"x" * 257)[0].status, 413)
        self.assertEqual(self.ask("GET", self.shown.path, {"X-Long": "x" * 5000})[0].status, 400)
        waiting = [socket.create_connection(("127.0.0.1", self.shown.port), timeout=20) for _ in range(20)]
        try:
            # More than 16 are closed at once, whichever they are, and those that say nothing after 10 seconds.
            self.assertTrue(until(lambda: self.closed(waiting) == 4, 5))
            start = time.monotonic()
            self.assertTrue(until(lambda: self.closed(waiting) == 20, 15))
            self.assertGreater(time.monotonic() - start, 4)
        finally:
            for connection in waiting:
                connection.close()
        self.assertTrue(until(lambda: self.is_served()))

    def closed(self, connections):
        """How many of them have ended."""
        with selectors.DefaultSelector() as selector:
            for connection in connections:
                selector.register(connection, selectors.EVENT_READ)
            return len(selector.select(0))

    def is_served(self):
        try:
            return self.ask("GET", self.shown.path)[0].status == 403
        except OSError:
            return False

    def test_listens_on_this_machine_alone(self):
        addresses = {info[4][0] for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
        for address in addresses - {"127.0.0.1"}:
            with self.assertRaises(OSError):
                socket.create_connection((address, self.shown.port), timeout=2).close()


class End(Session):
    """How a monitor begins and ends."""

    def is_open(self, port):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
        except OSError:
            return False
        return True

    def test_ends_with_an_interrupt_and_takes_its_file_along(self):
        monitor = self.monitor()
        self.assertEqual(monitor.end(), 0)
        self.assertFalse(monitor.file.parent.exists())
        self.assertFalse(self.is_open(monitor.port))

    def test_its_server_does_not_outlive_it(self):
        monitor = self.monitor()
        monitor.process.kill()
        monitor.process.wait()
        self.assertTrue(until(lambda: not self.is_open(monitor.port)))
        # What was left is nobody's, and the next one takes it away.
        self.monitor()
        self.assertFalse(monitor.file.parent.exists())

    def test_ends_where_its_pages_can_no_longer_be_renewed(self):
        monitor = self.monitor()
        shutil.rmtree(monitor.file.parent)
        self.assertEqual(monitor.process.wait(20), 3)
        self.assertFalse(self.is_open(monitor.port))

    def test_shows_nothing_of_what_is_contraindicated(self):
        words = ["monitor", self.session.url, "--manifest", self.session.signed]
        run = subprocess.run(
            [made.COMMAND, *map(str, words)], capture_output=True, text=True, check=False,
            env=os.environ | {"TWOCVM_HOME": str(self.session.folder / "home-nobody")},
        )  # fmt: skip
        self.assertEqual(run.returncode, 1)
        self.assertIn("appraisal.contraindicated", run.stderr)
        self.assertEqual(run.stdout, "")

    def test_the_server_is_not_started_by_hand(self):
        run = subprocess.run([watched.SERVER], capture_output=True, text=True, check=False)
        self.assertIn("2cvm monitor", run.stdout)


class Shown(Session):
    """What a browser shows."""

    arguments = ()

    @classmethod
    def setUpClass(cls):
        if MISSING:
            raise unittest.SkipTest(REASON)
        super().setUpClass()
        cls.browser = Browser(*cls.arguments)
        cls.addClassCleanup(cls.browser.close)

    def open(self, monitor, **options):
        """As a person does it: the file, then its button."""
        self.browser.show(monitor.file.as_uri(), **options)
        self.browser.click("button")
        ready = lambda: self.browser.run("return location.href") == monitor.address and self.text()  # noqa: E731
        self.assertTrue(until(ready), self.text())

    def go(self, monitor, name, **options):
        self.browser.show(monitor.address + name, **options)

    def text(self):
        return self.browser.text()

    def fits(self):
        return self.browser.run("return document.documentElement.scrollWidth <= innerWidth")


class Overview(Shown):
    def test_opens_by_its_file_without_a_script_or_a_foreign_request(self):
        monitor = self.monitor("bank")
        self.open(monitor)
        base = f"http://127.0.0.1:{monitor.port}"
        asked = [url for url in self.browser.requests() if url != f"{base}/favicon.ico"]
        self.assertEqual(asked[0], monitor.file.as_uri())
        self.assertEqual({url for url in asked[1:]}, {monitor.address})
        self.assertEqual(self.browser.run("return document.scripts.length"), 0)
        self.assertEqual(self.browser.log("browser"), [], "the policy fits the page's own style")
        self.assertNotEqual(self.browser.run("return getComputedStyle(document.body).margin"), "8px")
        self.assertEqual(self.browser.run("return document.cookie"), "")
        cookies = self.browser.chrome("Network.getAllCookies")["cookies"]
        (cookie,) = [cookie for cookie in cookies if cookie["path"] == monitor.path]
        self.assertTrue(cookie["httpOnly"] and cookie["session"])
        self.assertEqual(cookie["sameSite"], "Strict")
        options = ["--manifest", self.session.signed, "--simulated-root", self.session.root]
        words = self.session.by("bank", "attest", self.session.url, *options).splitlines()[-1].split()[-1]
        text = self.text()
        for sentence in [
            words.replace("-", " "),
            "The evidence is affirmed: nothing counts against it.",
            "It is simulated: no processor protects this session.",
            "This is the agent's word as of",
            "takes submissions – now",
            "No question and no result waits for your answer.",
            "It signs nothing and answers nothing.",
        ]:
            self.assertIn(sentence, text)

    def test_is_loaded_anew_by_itself_until_it_is_told_not_to(self):
        monitor = self.monitor("bank")
        self.open(monitor)
        self.browser.run("document.body.id = 'old'")
        self.assertTrue(until(lambda: self.browser.run("return document.body.id") == "", 12))
        self.browser.click("footer a[href=still]")
        self.browser.run("document.body.id = 'old'")
        time.sleep(7)
        self.assertEqual(self.browser.run("return document.body.id"), "old")

    def test_a_second_tab_of_the_same_browser_is_let_in_and_another_browser_is_not(self):
        monitor = self.monitor("bank")
        self.open(monitor)
        made_tab = self.browser.call("/window/new", {"type": "tab"})
        first = self.browser.call("/window")
        self.browser.call("/window", {"handle": made_tab["handle"]})
        self.go(monitor, "")
        self.assertIn("The evidence is affirmed", self.text())
        self.browser.call("/window", method="DELETE")
        self.browser.call("/window", {"handle": first})
        other = Browser()
        self.addCleanup(other.close)
        other.show(monitor.address)
        self.assertIn("Not let in", other.text())

    def test_says_that_it_does_not_look_for_what_waits_without_a_key(self):
        monitor = self.monitor()
        self.open(monitor)
        self.assertIn("Nobody looked whether a question or a result waits for you", self.text())

    def test_fits_a_desk_and_a_phone_in_light_and_in_dark_and_bars_nobody(self):
        monitor = self.monitor("bank")
        self.browser.show(monitor.file.as_uri())
        self.browser.bars(AXE, self)
        self.open(monitor)
        for name in ("", "manifest"):
            for width in (1280, 390):
                for scheme in ("light", "dark"):
                    with self.subTest(page=name, width=width, scheme=scheme):
                        self.go(monitor, name, width=width, scheme=scheme)
                        self.assertTrue(self.fits())
                        self.browser.bars(AXE, self)

    def test_tells_what_an_agent_that_is_gone_last_said(self):
        with tempfile.TemporaryDirectory() as folder:
            session = Watched(folder)
            with session.agent():
                session.step("analyst", "lock")
                monitor = session.monitor("bank")
                self.addCleanup(monitor.close)
                self.open(monitor)
            self.assertTrue(until(lambda: "No news" in self.text()))
            self.assertIn("What stands below is from before.", self.text())
            self.assertIn("takes submissions – now", self.text())


class Neighbours(Shown):
    """Pages that somebody else's server on this machine shows in the same browser."""

    arguments = ("--host-resolver-rules=MAP rebound.test 127.0.0.1",)

    def setUp(self):
        seen = self.seen = []

        class Neighbour(http.server.BaseHTTPRequestHandler):
            timeout = 2

            def do_GET(self):
                seen.append((self.path, self.headers.get("Cookie")))
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(b"<title>neighbour</title><body></body>")

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Neighbour)
        self.addCleanup(server.server_close)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.shutdown)
        self.neighbour = f"http://127.0.0.1:{server.server_address[1]}"

    def test_is_not_sent_the_cookie_and_reads_and_frames_nothing(self):
        monitor = self.monitor("bank")
        self.open(monitor)
        self.browser.show(self.neighbour)
        self.assertEqual({cookie for _, cookie in self.seen}, {None})
        read = (
            "return fetch(arguments[0], {credentials: 'include', mode: arguments[1]})"
            ".then(answer => answer.text()).catch(error => 'refused')"
        )
        self.assertEqual(self.browser.run(read, monitor.address, "cors"), "refused")
        self.assertEqual(self.browser.run(read, monitor.address, "no-cors") or "refused", "refused")
        self.browser.run(
            "const frame = document.createElement('iframe'); frame.src = arguments[0];"
            "document.body.append(frame)", monitor.address
        )  # fmt: skip
        time.sleep(1)
        blocked = "return document.querySelector('iframe').contentDocument === null"
        self.assertTrue(self.browser.run(blocked))
        self.browser.run("location.href = arguments[0]", monitor.address)
        self.assertTrue(until(lambda: "Another page asked" in self.text()))

    def test_a_name_that_is_turned_to_this_address_gets_nothing(self):
        monitor = self.monitor("bank")
        self.open(monitor)
        self.browser.show(f"http://rebound.test:{monitor.port}{monitor.path}")
        self.assertIn("Another host", self.text())


class Runs(Shown):
    """From a question to its result, with the commands that the page shows."""

    def typed(self, command):
        """What the page says, as it is typed."""
        words = [made.COMMAND if word == "2cvm" else word for word in shlex.split(command)]
        done = subprocess.run(
            words, capture_output=True, text=True, check=False,
            env=os.environ | {"TWOCVM_HOME": str(self.session.folder / "home-bank")},
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def yes(self):
        row = (
            "return [...document.querySelectorAll('#answer ~ table tr, .you table tr')]"
            ".find(row => row.cells[0].innerText === 'Yes').cells[1].innerText"
        )
        return self.browser.run(row)

    def test_shows_what_waits_and_the_command_that_answers_and_then_the_results(self):
        session = self.session
        bank = self.monitor("bank")
        analyst = self.monitor("analyst", "--results", session.folder / "results-1")
        session.ask(QUESTION)
        self.open(bank)
        self.assertTrue(until(lambda: "the question waits for your answer" in self.text()))
        self.assertTrue(self.browser.run("return document.title").startswith("Waits for you: "))
        self.browser.click("a[href=review]")
        text = self.text()
        for line in QUESTION.splitlines():
            self.assertIn(line, text)
        self.assertIn("Run 1 of at most 4: the question", text)
        self.assertIn("answer goes to analyst, at most ", text)
        self.assertIn("a page does not sign", text)
        self.assertIn("0 of 1 answers given", session.by("bank", "status", session.url))
        for width, scheme in ((1280, "light"), (390, "dark")):
            self.go(bank, "review", width=width, scheme=scheme)
            self.assertTrue(self.fits())
            self.browser.bars(AXE, self)
        self.assertIn("approved: the question of run 1", self.typed(self.yes()))

        self.go(bank, "")
        self.assertTrue(until(lambda: "the result waits for your answer" in self.text(), 60))
        self.browser.click("a[href=review]")
        self.assertIn("two\t4\t10.25", self.text())
        self.assertIn("approved: the result of run 1", self.typed(self.yes()))

        self.open(analyst)
        self.assertTrue(until(lambda: "Run 1 has ended" in self.text()))
        self.assertIn("--run 1 --output results-1", self.text())
        session.fetch(1)
        self.assertTrue(until(lambda: "verified here, recorded" in self.text()))
        self.browser.click("a[href=results-1]")
        self.assertIn("one\t-3\t2.50", self.text())
        tree = self.browser.tree()
        self.assertIn(("image", "amount, each row"), tree)
        self.assertIn(("image", "<b>share, each row"), tree)
        for width, scheme in ((1280, "light"), (390, "dark")):
            self.go(analyst, "results-1", width=width, scheme=scheme)
            self.assertTrue(self.fits())
            self.browser.bars(AXE, self)
        self.go(analyst, "receipts")
        self.assertIn("The receipt holds.", self.text())
        self.go(analyst, "")
        self.assertIn(f"{session.folder}/results-1", self.text())


class Chain(Shown):
    """What two runs left."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.folders = [cls.session.release(HOSTILE, 1), cls.session.release(MANY, 2)]

    def shown(self, *folders):
        monitor = self.monitor("analyst", *[word for folder in folders for word in ("--results", folder)])
        self.open(monitor)
        return monitor

    def test_shows_markup_and_obeys_none(self):
        monitor = self.shown(*self.folders)
        for name in ("", "manifest", "results-1", "results-2", "receipts"):
            self.go(monitor, name)
            self.assertNotEqual(self.browser.run("return document.title"), "obeyed")
            held = "return document.querySelectorAll('script, img, svg svg, [onload]').length"
            self.assertEqual(self.browser.run(held), 0)
            self.assertTrue(self.fits())
        self.go(monitor, "manifest")
        self.assertIn(MARKUP, self.text())
        self.go(monitor, "results-1")
        self.assertIn("<svg onload=\"document.title='obeyed'\"><script>alert(1)</script>", self.text())

    def test_ten_thousand_rows_are_a_short_page(self):
        monitor = self.shown(self.folders[1])
        self.assertEqual((self.folders[1] / "answer").read_text().count("\n"), 10001)
        self.go(monitor, "results-1")
        self.assertIn("The first 200 of 10,000 rows; the file has all of them.", self.text())
        self.assertIn(("image", "amount, the first 30 rows"), self.browser.tree())
        self.assertLess(self.browser.run("return document.documentElement.outerHTML.length"), 100_000)

    def test_shows_the_receipts_of_several_runs_as_one_chain(self):
        monitor = self.shown(*self.folders)
        self.go(monitor, "receipts")
        self.assertIn("The 2 receipts hold, and each follows from the one before it.", self.text())
        other = self.shown(self.folders[0], self.folders[0])
        self.assertIn("Each receipt that holds does so by itself; together they do not", self.text())
        self.go(other, "receipts")
        self.assertIn("Nothing is here", self.text())

    def verified(self, *folders, **options):
        page = self.session.folder / "chain.html"
        made.command(
            "receipt", "verify", *folders, "--manifest", self.session.signed, "--simulated-root", self.session.root,
            "--html", page, "--force",
        )  # fmt: skip
        self.browser.show(page.as_uri(), **options)
        return page

    def test_files_a_chain_of_receipts_as_one_page(self):
        for width, scheme in ((1280, "light"), (390, "dark")):
            page = self.verified(*reversed(self.folders), width=width, scheme=scheme)
            self.assertEqual(self.browser.requests(), [page.as_uri()])
            self.assertTrue(self.fits())
            self.browser.bars(AXE, self)
        text = self.text()
        self.assertIn("The 2 receipts hold, and each follows from the one before it.", text)
        self.assertIn("Of the runs: the session had at least 2 runs: no receipt here says that it ended.", text)
        self.assertLess(text.index("Run 1: the results were released"), text.index("Run 2: the results were released"))
        headings = [name for role, name in self.browser.tree() if role == "heading"]
        self.assertIn("Run 2: the results were released", headings)
        for run in (1, 2):
            rows = self.browser.run(
                f"return [...document.querySelectorAll('#run-{run} ~ table tbody tr')]"
                ".map(row => [...row.cells].map(cell => cell.innerText))"
            )
            (answer,) = [row for row in rows if row[1] == "what came out as answer"]
            self.assertEqual((answer[0], answer[2]), ("holds", answer[3]))


class Review(Shown):
    """What waits for an answer, as a page of its own."""

    def review(self, **options):
        page = self.session.folder / "review.html"
        self.session.step("bank", "review", "--wait", "--html", page, "--force")
        self.browser.show(page.as_uri(), **options)
        return page

    def test_says_what_is_decided_on_what_differs_and_what_answers(self):
        session = self.session
        session.ask(QUESTION)
        for width, scheme in ((1280, "light"), (390, "dark")):
            page = self.review(width=width, scheme=scheme)
            self.assertEqual(self.browser.requests(), [page.as_uri()])
            self.assertEqual(self.browser.run("return document.scripts.length"), 0)
            self.assertTrue(self.fits())
            self.browser.bars(AXE, self)
        text, names = self.text(), [name for _, name in self.browser.tree()]
        for sentence in [
            "Run 1 of at most 4: the question",
            *QUESTION.splitlines(),
            "Code, as in every run: sql of analyst",
            "answer goes to analyst, at most ",
            "You type it in a terminal: a page does not sign.",
            "This page proves nothing",
        ]:
            self.assertIn(sentence, text)
            self.assertTrue(any(sentence in name for name in names), f"a screen reader is not told: {sentence}")
        (digest,) = set(re.findall("[0-9a-f]{64}", text)) - {session.root.removeprefix("sha256:")}
        self.assertIn(f"2cvm approve {digest} {session.url}", text)
        self.assertIn(f"2cvm refuse {digest} {session.url}", text)
        self.assertNotIn("--html", text)
        session.decide("refuse")
        # A run that was refused waits for the same answers as every other.
        session.decide()
        session.step("analyst", "fetch", "--wait", "--run", 1, "--output", session.folder / "none", permitting=(0, 4))

        session.ask(QUESTION.replace("10.25", "10.5"))
        self.review()
        text = self.text()
        self.assertIn("it differs little from the question of run 1, which released nothing.", text)
        self.assertIn("Taken out:\nunion all select 'two', 4, 10.25", re.sub(r"\n+", "\n", text))
        self.assertIn("run 1 released nothing", text)

        session.decide()
        self.review()
        self.assertIn("two\t4\t10.50", self.text())
        self.assertIn(("image", "amount, each row"), self.browser.tree())


class Bytes(Shown):
    """An output of which nothing is known but its size."""

    output = "any"

    def test_shows_hostile_bytes_as_text_and_what_hides_itself_by_its_code(self):
        session = self.session
        folder = session.release(
            "select '<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"document.title=1\"/>' as x,"
            " char(0x202e) || 'abc' || char(0x200b) as y\n", 1
        )  # fmt: skip
        self.assertIn("<svg", (folder / "answer").read_text())
        monitor = self.monitor("analyst", "--results", folder)
        self.open(monitor)
        self.go(monitor, "results-1")
        text = self.text()
        self.assertIn("<svg xmlns=", text)
        self.assertIn("\\u{202E}abc\\u{200B}", text)
        self.assertEqual(self.browser.run("return document.querySelectorAll('svg').length"), 0)
        (folder / "answer").write_text("another")
        other = self.monitor("analyst", "--results", folder)
        self.open(other)
        self.assertIn("does not hold: answer is not what the receipt commits to", self.text())
        self.go(other, "results-1")
        self.assertIn("Nothing is here", self.text())


if __name__ == "__main__":
    unittest.main()
