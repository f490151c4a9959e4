"""A session of two over loopback, and a monitor that looks at it."""

import hashlib
import json
import os
import pathlib
import secrets
import subprocess
import sys
import time

import made

sys.path.insert(0, str(made.ROOT / "examples"))

from participants import AGENT, Participants  # noqa: E402

RUNTIME = made.ROOT / ".build/runtimes/sql.wasm"
SERVER = made.COMMAND.with_name("2cvm-monitor")
NEEDED = [AGENT, RUNTIME, SERVER]
UNBUILT = [program.name for program in NEEDED if not program.exists()]

# Text that must be shown and never obeyed.
MARKUP = "</blockquote></style><script>document.title='obeyed'</script><img src='http://127.0.0.1:1/x' onerror=x>"
TABLE = {
    "kind": "csv",
    "maximumRows": 10000,
    "order": "kept",
    "columns": [
        {"name": "label", "type": "text", "maximumCharacters": 200, "characters": "unicode"},
        {"name": "amount", "type": "integer", "minimum": -1000000, "maximum": 1000000},
        {"name": "<b>share", "type": "decimal", "fractionDigits": 2},
    ],
}


def until(found, seconds=30):
    """What `found` gives, as soon as it is something."""
    end = time.monotonic() + seconds
    while True:
        value = found()
        if value or time.monotonic() > end:
            return value
        time.sleep(0.2)


class Watched(Participants):
    """An analyst asks, and a bank decides on each question and each result."""

    name = "watched"
    purpose = "Questions for a test. " + MARKUP

    def __init__(self, folder, output=None):
        super().__init__(folder)
        self.make_keys(["analyst", "bank"])
        manifest = self.folder / "manifest.json"
        manifest.write_text(json.dumps(self.agreed(output or TABLE)))
        self.sign(manifest)

    def agreed(self, output):
        approval = {"by": ["bank"], "seconds": 3600}
        return {
            "version": 1,
            "name": self.name,
            "purpose": self.purpose,
            "salt": secrets.token_hex(32),
            "participants": self.public_keys(),
            "components": [
                {
                    "name": "sql",
                    "provider": "analyst",
                    "maximumBytes": 4 << 20,
                    "imports": ["twocvm:guest/files"],
                    "memoryMiB": 64,
                    "digest": f"sha256:{hashlib.sha256(RUNTIME.read_bytes()).hexdigest()}",
                }
            ],
            "data": [
                {
                    "name": "question",
                    "provider": "analyst",
                    "commitment": "any",
                    "maximumBytes": 4096,
                    "per": "run",
                    "format": {"kind": "text", "maximumCharacters": 4000, "maximumLineCharacters": 200},
                    "approval": approval,
                }
            ],
            "outputs": [
                {
                    "name": "answer",
                    "recipients": ["analyst"],
                    "maximumBytes": 1 << 20,
                    "format": output,
                    "approval": approval,
                }
            ],
            "channels": [
                {"mount": "question", "component": "sql", "path": "/code/answer.sql"},
                {"release": "answer", "component": "sql", "path": "/output/answer.csv"},
            ],
            "run": {"component": "sql", "export": "wasi:cli/run"},
            "limits": {
                "compileSeconds": 60,
                "wallTimeSeconds": 60,
                "admissionSeconds": 86400,
                "retentionSeconds": 86400,
                "runs": 4,
                "keepRuns": 4,
            },
            "platform": {"kind": "simulated", "binding": "lock", "measurements": ["00" * 48]},
        }

    def open(self):
        self.step("analyst", "lock")
        self.step("analyst", "submit", "--component", f"sql={RUNTIME}")

    def ask(self, question):
        self.step("analyst", "ask", "--data", f"question={self.write('question.sql', question.encode())}")

    def decide(self, answer="approve"):
        """The bank reads what waits, and answers."""
        for line in self.step("bank", "review", "--wait").splitlines():
            if line.startswith("yes: "):
                self.step("bank", answer, line.split()[-1])

    def fetch(self, run):
        folder = self.folder / f"results-{run}"
        self.step("analyst", "fetch", "--wait", "--run", run, "--output", folder)
        return folder

    def release(self, question, run):
        """A whole run: asked, approved, executed, approved and fetched."""
        self.ask(question)
        self.decide()
        self.decide()
        return self.fetch(run)

    def monitor(self, name, *more):
        options = ["--manifest", self.signed, "--simulated-root", self.root]
        if name:
            options += ["--as", name, "--key", self.key(name)]
        home = self.folder / f"home-{name or 'nobody'}"
        return Monitor([self.url, *options, *more], home)


class Monitor:
    """`2cvm monitor`, until it is closed."""

    def __init__(self, words, home, **settings):
        self.process = subprocess.Popen(
            [made.COMMAND, "monitor", *map(str, words), "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=os.environ | {"TWOCVM_HOME": str(home)} | settings,
        )
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line == "}\n":
                break
        if not lines:
            raise AssertionError(f"the monitor ended: {self.process.communicate()[1]}")
        said = json.loads("".join(lines))
        self.file = pathlib.Path(said["file"])
        self.address = said["address"]
        self.port = int(self.address.split(":")[2].split("/")[0])
        self.path = "/" + self.address.split("/", 3)[3]

    def token(self):
        return self.file.read_text().split('name="token" value="')[1].split('"')[0]

    def end(self):
        """How it ends with Ctrl-C."""
        self.process.send_signal(2)
        return self.process.wait(20)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()
