"""What others wrote is never markup outside a frame without rights."""

from __future__ import annotations

import html.parser
import pathlib
import unittest
from typing import Any

import twocvm
from support import ROOT, InFolder, needs_sql
from twocvm import _html
from twocvm.agent import Agent
from twocvm.outputs import Output, Outputs
from twocvm.review import Review, of_value
from twocvm.session import AttestedSession

MARKUP = "</iframe><script>alert(1)</script>\" onload='x' & <img src=x onerror=y>]]>--><b>"


class Tags(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


class Frames(InFolder):
    def assert_framed(self, markup: str) -> str:
        """Exactly one frame without rights and nothing else; the page in it."""
        outside = Tags()
        outside.feed(markup)
        self.assertEqual([tag for tag, _ in outside.tags], ["iframe"])
        attributes = outside.tags[0][1]
        self.assertEqual(attributes["sandbox"], "")
        self.assertNotIn("src", attributes)
        self.assertEqual(outside.text, "")
        return attributes["srcdoc"] or ""

    def assert_harmless(self, page: str) -> None:
        """In the frame it is text too."""
        inside = Tags()
        inside.feed(page)
        self.assertNotIn("script", [tag for tag, _ in inside.tags])
        self.assertNotIn("img", [tag for tag, _ in inside.tags])
        self.assertIn("default-src 'none'", page)

    def test_markup_in_a_review_is_text_in_a_frame(self) -> None:
        review = Review(1, MARKUP, MARKUP, {MARKUP: MARKUP.encode()}, False)
        page = self.assert_framed(review._repr_html_())
        self.assert_harmless(page)
        self.assertIn("\\u{1B}", Review(1, "question", "d", {"q": b"\x1b[2J"}, False).text("q"))
        self.assertNotIn("\x1b", str(Review(1, "question", "d", {"q": b"\x1b[2J\xff"}, False)))

    def test_markup_in_an_output_is_text_in_a_frame(self) -> None:
        file = pathlib.Path("out")
        file.write_text(f'a\n"{MARKUP.replace(chr(34), chr(34) * 2)}"\n')
        for format in (
            twocvm.table(9, a=twocvm.text()),
            "any",
            None,
            {"kind": "json"},
            twocvm.table(9, b=twocvm.integer()),
        ):
            outputs = Outputs({MARKUP: Output(MARKUP, file, format)})
            self.assert_harmless(self.assert_framed(outputs._repr_html_()))
            repr(outputs)

    def test_a_title_cannot_leave_its_attribute(self) -> None:
        self.assert_framed(_html.frame(MARKUP, MARKUP))

    def test_only_one_module_makes_html(self) -> None:
        for file in (ROOT / "python" / "src").rglob("*.py"):
            if file.name != "_html.py":
                self.assertNotRegex(file.read_text(), r"<(iframe|div|table|html|script|td|pre)\b", file.name)
                self.assertNotIn("text/html", file.read_text(), file.name)

    @needs_sql
    def test_a_manifest_with_markup_is_explained_in_a_frame(self) -> None:
        me = twocvm.Identity.create("me")
        pathlib.Path("t.csv").write_text("a\n1\n")
        manifest = (
            twocvm.Collaboration("x", purpose=MARKUP)
            .participant(me)
            .data("t", "t.csv", provider="me")
            .sql("select count(*) as n from t")
            .output("n", recipients=["me"], format=twocvm.table(1, n=twocvm.integer()))
            .draft()
        )
        explanation = manifest.explain(me)
        self.assert_harmless(self.assert_framed(explanation._repr_html_()))
        self.assertIn("Who can learn what", explanation.text)
        self.assertEqual(explanation.value["digest"], manifest.digest)

    def test_a_review_of_another_form_is_refused(self) -> None:
        good: dict[str, Any] = {"run": 1, "subject": "question", "digest": "d", "empty": False, "shown": []}
        of_value(good)
        changes: tuple[dict[str, Any], ...] = (
            {"shown": [{}]},
            {"shown": 1},
            {"shown": [{"name": "a", "content": "%"}]},
        )
        for change in changes:
            with self.assertRaises(twocvm.Unreadable):
                of_value({**good, **change})
        with self.assertRaises(twocvm.Unreadable):
            of_value({})


class Guard(InFolder):
    def test_no_session_is_made_without_an_appraisal(self) -> None:
        agent: Any = Agent("http://127.0.0.1:1")
        for proof in (None, object(), True):
            with self.assertRaises(TypeError):
                AttestedSession(proof, agent, None, None, {"verdict": "affirmed"})  # type: ignore[arg-type]

    def test_nothing_but_an_attested_session_has_calls_that_send(self) -> None:
        sending = {"submit", "lock", "ask", "approve", "refuse", "withdraw"}
        for name in twocvm.__all__:
            if name != "AttestedSession":
                self.assertEqual(
                    sending & set(vars(getattr(twocvm, name)) if isinstance(getattr(twocvm, name), type) else ()), set()
                )

    def test_a_verdict_that_is_not_affirmed_makes_no_session(self) -> None:
        answers = (
            '{"verdict":"contraindicated","findings":[]}',
            "{}",
            '{"verdict":"Affirmed"}',
            '{"verdict":null}',
            "[]",
            "7",
        )
        manifest, me = _unread_manifest(), _identity(self.folder)
        for status in (0, 1):
            for answer in answers:
                self.program(f"print({answer!r}); sys.exit({status})")
                with self.subTest(answer), self.assertRaises(twocvm.TwoCVMError):
                    Agent("http://127.0.0.1:1").attest(manifest, me)
        self.program("""print('{"verdict":"affirmed"}'); sys.exit(1)""")
        with self.assertRaises(twocvm.Contraindicated):
            Agent("http://127.0.0.1:1").attest(manifest, me)


def _unread_manifest() -> twocvm.Manifest:
    manifest = twocvm.Manifest.__new__(twocvm.Manifest)
    manifest.path = pathlib.Path("m.json").absolute()
    return manifest


def _identity(folder: pathlib.Path) -> twocvm.Identity:
    for ending in ("key", "pub"):
        (folder / f"me.{ending}").write_text("")
    return twocvm.Identity("me", folder)


if __name__ == "__main__":
    unittest.main()
