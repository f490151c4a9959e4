"""A composition in a sealed session of its own: a simulated agent, and each participant with its own keys and home."""

import base64
import hashlib
import http.client
import json
import os
import pathlib
import random
import re
import subprocess
import tempfile
import threading
import time
import unittest

import compositions
import sessions

COMMANDS = pathlib.Path(os.environ.get("TWOCVM_PROGRAMS", compositions.ROOT / ".build" / "release"))
SEED = int(os.environ.get("TWOCVM_SEED", "20261128"))


class People:
    """Participants with keys, made once; one simulated platform for all sessions."""

    def __init__(self, folder, names):
        self.folder = folder
        self.announced_root = None
        self.entries = []
        for name in names:
            self.command(name, "key", "new", name, "--directory", folder)
            self.entries.append(json.loads((folder / f"{name}.pub").read_text()))
        for name in names:
            for other in names:
                if other != name:
                    self.command(name, "key", "trust", other, folder / f"{other}.pub")

    def environment(self, name):
        return {**os.environ, "TWOCVM_HOME": str(self.folder / f"home-{name}")}

    def root(self):
        """The simulated platform's root, which an agent announces."""
        if self.announced_root is None:
            with tempfile.TemporaryDirectory() as name, Agent(self, pathlib.Path(name)) as agent:
                self.announced_root = agent.root
        return self.announced_root

    def command(self, name, *words, codes=(0,)):
        environment = self.environment(name)
        result = subprocess.run(
            [COMMANDS / "2cvm", *map(str, words)], capture_output=True, text=True, env=environment, check=False
        )
        if result.returncode not in codes:
            raise AssertionError(f"{name}: 2cvm {words[:2]} ended with {result.returncode}: {result.stderr[-2000:]}")
        return result


class DrawnTests(unittest.TestCase):
    """Tests of what is drawn, with the same people and platform for all of them."""

    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.people = People(pathlib.Path(folder.name), ["ann", "bob", "cyd"])

    def setUp(self):
        self.random = random.Random(SEED)


class Agent:
    """One simulated agent, ended when it is left."""

    def __init__(self, people, folder):
        (folder / "agent").mkdir(mode=0o700)
        self.log = (folder / "agent.log").open("w+")
        self.process = subprocess.Popen(
            [
                *(COMMANDS / "2cvm-agent-simulated", "--listen", "127.0.0.1:0", "--measurement", sessions.MEASUREMENT),
                *("--keys", people.folder / "platform.keys", "--folder", folder / "agent"),
            ],
            stdout=subprocess.PIPE,
            stderr=self.log,
            text=True,
        )
        self.root = self.announced(r"simulated root sha256:([0-9a-f]{64})")
        self.address = self.announced(r"listening on ([0-9.]+:[0-9]+)")
        self.url = "http://" + self.address
        # What anyone sees who listens: each change of the status, without what is random.
        self.stages = []
        self.listening = http.client.HTTPConnection(self.address, timeout=600)
        self.listening.request("GET", "/v1/events")
        self.events = self.listening.getresponse()
        self.listener = threading.Thread(target=self.listen)
        self.listener.start()

    def announced(self, pattern):
        for line in self.process.stdout:
            if found := re.search(pattern, line):
                return found[1]
        raise AssertionError("the agent ended")

    def listen(self):
        for line in self.events:
            if line.startswith(b"data: "):
                status = json.loads(line[6:])
                self.stages.append({key: status.get(key) for key in ("stage", "slots", "run", "peers", "end")})

    def get(self, path):
        """The body of an answer, or `None` where it is refused."""
        connection = http.client.HTTPConnection(self.address, timeout=60)
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        return body if answer.status == 200 else None

    def size(self, words, manifest, run, name):
        """How many bytes of a sealed stream anyone can count who knows its token. Waits for the stream."""
        token = hashlib.sha256(
            words.encode() + b"\0" + bytes.fromhex(manifest["salt"]) + run.to_bytes(4, "big") + name.encode()
        ).hexdigest()
        place = "outputs" if "outputs" in words else "reviews"
        for _ in range(6000):
            if (body := self.get(f"/v1/{place}/{token}")) is not None:
                return len(body)
            time.sleep(0.01)
        raise AssertionError(f"no {place} of run {run} for {name}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.listener.join(timeout=60)
        self.listening.close()
        self.process.stdout.close()
        self.log.seek(0)
        # Without what is only read, which happens as often as it is tried, and without sizes of submissions and times.
        self.printed = re.findall(r"(?:PUT|POST) \S+ \d+(?: [a-z.]+)? ?|stopped|error.*", self.log.read())
        self.log.close()


class Session:
    """One session from its lock to its last run: what each participant sees of each run, and what anyone sees."""

    def __init__(self, people, manifest, folder):
        self.people, self.manifest, self.folder = people, manifest, folder
        self.names = [entry["name"] for entry in manifest["participants"]]
        self.sizes = []

    def run(self, contents, answers):
        terms = self.signed()
        with Agent(self.people, self.folder) as self.agent:
            common = [self.agent.url, "--manifest", terms, "--simulated-root", self.agent.root]
            self.who = {
                name: [*common, "--as", name, "--key", self.people.folder / f"{name}.key"] for name in self.names
            }
            self.command(self.names[0], "lock")
            self.bring("submit", contents[0], lambda entry: "per" not in entry)
            views = []
            for number, (content, answer) in enumerate(zip(contents, answers), 1):
                self.bring("ask", content, lambda entry: "per" in entry)
                shown = {subject: self.decide(subject, number, answer[subject]) for subject in sessions.SUBJECTS}
                self.sizes.append(
                    {name: self.agent.size("2cvm outputs v1", self.manifest, number, name) for name in self.names}
                )
                views.append({name: self.fetched(name, number, shown) for name in self.names_of_recipients_last()})
        public = {"stages": self.agent.stages, "sizes": self.sizes, "log": self.agent.printed}
        return views, public

    def names_of_recipients_last(self):
        """Once the recipients have their outputs, a run's streams go, and with them what is there for others."""
        recipients = {name for output in self.manifest["outputs"] for name in output["recipients"]}
        return sorted(self.names, key=lambda name: name in recipients)

    def command(self, name, verb, *words, codes=(0,)):
        return self.people.command(name, verb, *words, *self.who[name], codes=codes)

    def signed(self):
        terms = self.folder / "manifest.json"
        terms.write_text(json.dumps(self.manifest))
        for name in self.names:
            signed = self.folder / f"signed-{name}.json"
            key = self.people.folder / f"{name}.key"
            self.people.command(name, "manifest", "sign", terms, "--key", key, "--output", signed)
            terms = signed
        return terms

    def bring(self, verb, content, is_due):
        for name in self.names:
            words = []
            if verb == "submit":
                words = [
                    f"--component={entry['name']}={self.folder / entry['name']}.wasm"
                    for entry in self.manifest["components"]
                    if entry["provider"] == name
                ]
            for entry in self.manifest["data"]:
                if entry["provider"] == name and is_due(entry):
                    (self.folder / entry["name"]).write_bytes(content[entry["name"]])
                    words.append(f"--data={entry['name']}={self.folder / entry['name']}")
            if words:
                self.command(name, verb, *words)

    def decide(self, subject, run, answers):
        """What those who decide are shown. Nobody answers before all have been shown it."""
        words = f"2cvm {subject} v1"
        self.sizes.append({name: self.agent.size(words, self.manifest, run, name) for name in answers})
        shown = {}
        for name in answers:
            told = json.loads(self.command(name, "review", "--json").stdout)
            shown[name] = {
                "empty": told["empty"],
                "names": [[entry["name"] for entry in told[key]] for key in ("slots", "outputs")],
                "shown": {entry["name"]: base64.b64decode(entry["content"]) for entry in told["shown"]},
            }
            digest = told["digest"]
            if not told["empty"]:
                self.command(name, "approve" if answers[name] else "refuse", digest)
        return shown

    def fetched(self, name, run, shown):
        """Outputs, and the rest: how the command ended, and what the receipt says without its digests and keys."""
        folder = self.folder / f"results-{name}-{run}"
        result = self.command(name, "fetch", "--run", run, "--output", folder, codes=(0, 4))
        return {
            **kept(folder),
            "code": result.returncode,
            "errors": re.sub(r"[0-9a-f]{64}|([a-z]{5}-){5}[a-z]{5}|/tmp/\S*", "…", result.stderr),
            "shown": {subject: each.get(name) for subject, each in shown.items()},
        }


def kept(folder):
    """What `fetch` left of a run: outputs, and the rest without digests and keys."""
    own = {"receipt.json", "evidence.json", "salts.json", "appraisal.json", "notice.txt", "deliveries.json"}
    outputs = {path.name: path.read_bytes() for path in folder.iterdir() if path.name not in own}
    envelope = (folder / "receipt.json").read_text()
    receipt = json.loads(base64.b64decode(json.loads(envelope)["payload"]))
    told = {key: receipt[key] for key in ("version", "engine", "outcome", "last", "run")}
    told["slots"] = [entry["name"] for entry in receipt["slots"]]
    told["outputs"] = [entry["name"] for entry in receipt["outputs"]]
    told["bytes"] = len(envelope)
    notice, salts = folder / "notice.txt", folder / "salts.json"
    return {
        "outputs": outputs if receipt["outcome"] == "completed" else None,
        "receipt": told,
        "salts": sorted(json.loads(salts.read_text())) if salts.exists() else None,
        "files": sorted(path.name for path in folder.iterdir() if path.name not in outputs and path != notice),
        "notice": notice.read_text() if notice.exists() else None,
    }
