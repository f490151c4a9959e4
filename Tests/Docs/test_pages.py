"""Every block of README, docs and examples is run as it stands, or is named here with the reason why not."""

import json
import os
import re
import shutil
import unittest

import page

VM = "it starts a VM, and Tests/VM does that"
WHOLE = "it builds or tests everything, and .ci/run does that by itself"
PACKAGES = "it installs or downloads packages"
RUNTIME = "the runtime of scripts is a download and takes minutes to compile: Guests/Tests use it"

# By page and first line. A block that is neither run nor here fails, and so does an entry without its block.
NOT_RUN = {
    ("README.md", "$ make demo"): WHOLE,
    ("docs/API.md", "$ 2cvm-agent --listen 0.0.0.0:8080             # in an SEV-SNP VM"): "it needs the processor",
    (
        "docs/DEPLOYMENT.md",
        "$ 2cvm launch --image image --manifest manifest.json --profile snp --vcpu-type EPYC-v4 \\",
    ): VM,
    ("docs/IMAGE.md", "$ make image                                    # .build-image/image"): WHOLE,
    (
        "docs/IMAGE.md",
        "$ scripts/image-packages                        # Debian's packages of the lock, unpacked into .deps/image",
    ): PACKAGES,
    ("docs/IMAGE.md", "$ 2cvm launch --image image --manifest manifest.json --profile snp --vcpu-type EPYC-v4"): VM,
    ("docs/LANGUAGES.md", "$ 2cvm runtime install"): RUNTIME,
    (
        "docs/LANGUAGES.md",
        "$ 2cvm manifest new --python ages.py --data patients=patients.csv:analyst --output ages:analyst",
    ): RUNTIME,
    (
        "docs/PLAN.md",
        "$ 2cvm submit --plan cohort-4/plan.signed.json --run run --as hospital-a --split patients=patients.csv",
    ): "Tests/Members does that, with machines",
    (
        "docs/PLAN.md",
        "$ 2cvm plan run cohort/plan.signed.json --output /shared/cohort-run --driver slurm --vm /srv/image -- "
        "--profile snp --vcpu-type EPYC-v4",
    ): "it needs a cluster, and Tests/Slurm does that",
    ("docs/PYTHON.md", "$ pip install twocvm-0.1.0-py3-none-manylinux_2_35_x86_64.whl"): "python/wheel-tests does that",
    ("examples/notebooks/README.md", "$ python3 machine.py"): "python/tests/test_notebooks.py does that",
    ("examples/private-model/README.md", "$ make private-model"): RUNTIME,
    ("examples/cohort-regression/README.md", "$ make demo"): WHOLE,
    ("examples/cohort-regression/README.md", "$ make cheat"): WHOLE,
    ("examples/shared-customers/README.md", "$ make shared-customers"): WHOLE,
    ("examples/shared-customers/README.md", "$ make questions"): WHOLE,
}

# Blocks of another language that are no file of their page: by page and language, what runs them.
RUN_ELSEWHERE = {
    ("README.md", "python"): "python/tests/test_docs.py",
    ("docs/PYTHON.md", "python"): "python/tests/test_docs.py",
    ("docs/CLIENT.md", "swift"): "Tests/ClientTests/ExampleTests.swift",
}
# How a line begins that somebody would type in a shell.
COMMAND = re.compile(r"(\$ |(sudo|2cvm[a-z-]*|make|pip|python3|curl|cd|export|git|scripts/\S+) )")

WRONG_QUERY = "2cvm manifest new --sql wrong.sql --data patients=patients.csv:analyst --output counties:analyst"

# Commands that are meant to end otherwise than with 0: their page shows why.
STATUSES = {
    ("docs/MANIFEST.md", "2cvm manifest check manifest.json"): 1,
    ("docs/FORMATS.md", "2cvm data check wrong.csv --format patients.format.json"): 1,
    ("docs/LANGUAGES.md", WRONG_QUERY): 4,
    ("docs/LEAVING.md", "2cvm manifest check 2cvm/docs/examples/manifest.json --maximum-bits 1000"): 1,
    ("docs/API.md", "curl -sN --max-time 1 http://127.0.0.1:8080/v1/events"): 28,
}

# Whose blocks bring the programs into PATH themselves. README and CONTRIBUTING begin in the checkout,
# every other page in one's home.
BRINGS_PATH = {"README.md", "docs/FIRST-SESSION.md", "docs/TUTORIAL.md"}
BEGINS_IN_CHECKOUT = {"README.md", "CONTRIBUTING.md"}

PROGRAMS = ("2cvm", "2cvm-agent", "2cvm-agent-simulated", "2cvm-worker", "2cvm-gate")


def is_left_out(block):
    """Whether a list names the block. README's first one is named by how it begins: its packages change."""
    return block.key in NOT_RUN or block.page == "README.md" and block.lines[0].startswith("$ sudo apt-get install")


class Pages(unittest.TestCase):
    def setUp(self):
        for program in PROGRAMS:
            self.assertTrue(os.access(page.ROOT / ".build/release" / program, os.X_OK), f"{program}: run `make build`")

    def test_every_block_does_what_its_page_shows(self):
        for name in page.pages():
            blocks = [block for block in page.blocks(name) if not is_left_out(block)]
            if not any(block.is_console for block in blocks):
                continue
            # A component that is there already is not built again, and nothing is printed.
            for component in ("overlap", "count"):
                shutil.rmtree(page.ROOT / ".build/guests/made" / component, ignore_errors=True)
            with self.subTest(name), page.Run(STATUSES, name in BEGINS_IN_CHECKOUT, name not in BRINGS_PATH) as run:
                for block in blocks:
                    run.perform(block)

    def test_the_list_of_blocks_that_are_not_run_names_blocks_that_are_there(self):
        keys = {block.key for name in page.pages() for block in page.blocks(name)}
        for key in NOT_RUN:
            with self.subTest(key):
                self.assertIn(key, keys)

    def test_no_block_is_there_that_nothing_runs(self):
        elsewhere = set(RUN_ELSEWHERE)
        for name in page.pages():
            for words, lines in page.fences(name):
                with self.subTest(name, words=words, first=lines[:1]):
                    if words == "":
                        self.assertEqual([line for line in lines if COMMAND.match(line)], [], "a command: `console`")
                    elif words == "json":
                        text = "\n".join(lines)
                        json.loads(text if text.startswith("{") else f"{{{text}}}")
                    elif page.FENCE.fullmatch("```" + words) is None:
                        self.assertIn((name, words), RUN_ELSEWHERE)
                        elsewhere.discard((name, words))
        self.assertEqual(elsewhere, set())
        for file in RUN_ELSEWHERE.values():
            self.assertTrue((page.ROOT / file).is_file(), file)


class Comparing(unittest.TestCase):
    """A page that shows something else than what is printed must fail."""

    def fits(self, shown, printed):
        return page.Reading().fits(shown.splitlines(), printed.splitlines())

    def test_equal_lines_fit_and_others_do_not(self):
        self.assertTrue(self.fits("a\nb", "a\nb"))
        for printed in ("", "a", "a\nc", "a\nb\nc", "b\na"):
            with self.subTest(printed):
                self.assertFalse(self.fits("a\nb", printed))

    def test_left_out_lines_stand_for_any_and_the_rest_does_not(self):
        self.assertTrue(self.fits("a\n...\nc", "a\nb\nb\nc"))
        self.assertTrue(self.fits("a\n...", "a"))
        self.assertFalse(self.fits("a\n...\nc", "a\nb"))
        self.assertFalse(self.fits("a … c", "a b"))

    def test_a_word_in_angle_brackets_stands_for_one_text(self):
        self.assertTrue(self.fits("<x> <x>", "1 1"))
        self.assertFalse(self.fits("<x> <x>", "1 2"))
        self.assertFalse(self.fits("<x>\n<x>", "1\n2"))
        reading = page.Reading()
        self.assertTrue(reading.fits(["root <the root>"], ["root 17"]))
        self.assertEqual(reading.fill("use <the root>", "here"), "use 17")
        with self.assertRaises(page.Mismatch):
            reading.fill("use <another>", "here")

    def test_a_command_that_fails_or_prints_something_else_is_told(self):
        for lines in (["$ false"], ["$ echo a", "b"], ["$ echo a"], ["output"], ["$ echo a \\"]):
            with self.subTest(lines), page.Run() as run, self.assertRaises(page.Mismatch):
                run.perform(page.Block("page", 1, lines))


if __name__ == "__main__":
    unittest.main()
