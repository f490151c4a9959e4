"""A composition in a sealed session of its own: a simulated agent, and each participant with its own keys and home."""

import base64
import json
import os
import re
import subprocess

import compositions

COMMANDS = compositions.ROOT / ".build" / "release"
MEASUREMENT = "00" * 48


class People:
    """Participants with keys, made once; one simulated platform for all sessions."""

    def __init__(self, folder, names):
        self.folder = folder
        self.entries = []
        for name in names:
            self.command(name, "key", "new", name, "--directory", folder)
            self.entries.append(json.loads((folder / f"{name}.pub").read_text()))
        for name in names:
            for other in names:
                if other != name:
                    self.command(name, "key", "trust", other, folder / f"{other}.pub")

    def command(self, name, *words, codes=(0,)):
        environment = {**os.environ, "TWOCVM_HOME": str(self.folder / f"home-{name}")}
        result = subprocess.run(
            [COMMANDS / "2cvm", *map(str, words)], capture_output=True, text=True, env=environment, check=False
        )
        if result.returncode not in codes:
            raise AssertionError(f"{name}: 2cvm {words[:2]} ended with {result.returncode}: {result.stderr[-2000:]}")
        return result


class Agent:
    """One simulated agent, ended when it is left."""

    def __init__(self, people, folder):
        (folder / "agent").mkdir(mode=0o700)
        self.process = subprocess.Popen(
            [
                *(COMMANDS / "2cvm-agent-simulated", "--listen", "127.0.0.1:0", "--measurement", MEASUREMENT),
                *("--keys", people.folder / "platform.keys", "--folder", folder / "agent"),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.root = self.announced(r"simulated root sha256:([0-9a-f]{64})")
        self.url = "http://" + self.announced(r"listening on ([0-9.]+:[0-9]+)")

    def announced(self, pattern):
        for line in self.process.stdout:
            if found := re.search(pattern, line):
                return found[1]
        raise AssertionError("the agent ended")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.process.stdout.close()


def run(people, manifest, content, folder):
    """What each participant finds: its outputs, or `None` after a failed run, and what else it can see."""
    names = [entry["name"] for entry in manifest["participants"]]
    terms = folder / "manifest.json"
    terms.write_text(json.dumps(manifest))
    for name in names:
        signed = folder / f"signed-{name}.json"
        people.command(name, "manifest", "sign", terms, "--key", people.folder / f"{name}.key", "--output", signed)
        terms = signed
    with Agent(people, folder) as agent:
        common = [agent.url, "--manifest", terms, "--simulated-root", agent.root]
        who = {name: [*common, "--as", name, "--key", people.folder / f"{name}.key"] for name in names}
        people.command(names[0], "lock", *who[names[0]])
        for name in names:
            words = [
                f"--component={entry['name']}={folder / entry['name']}.wasm"
                for entry in manifest["components"]
                if entry["provider"] == name
            ]
            for entry in manifest["data"]:
                if entry["provider"] == name:
                    (folder / entry["name"]).write_bytes(content[entry["name"]])
                    words.append(f"--data={entry['name']}={folder / entry['name']}")
            if words:
                people.command(name, "submit", *who[name], *words)
        views = {name: fetched(people, name, who[name], folder / f"results-{name}") for name in names}
        status = json.loads(people.command(names[0], "status", agent.url, "--json").stdout)
    return views, status


def fetched(people, name, who, folder):
    """Outputs, and the rest: how the command ended, what it says, and the receipt without what is salted or a key."""
    result = people.command(name, "fetch", *who, "--wait", "--output", folder, codes=(0, 4))
    own = {"receipt.json", "evidence.json", "salts.json", "appraisal.json"}
    outputs = {path.name: path.read_bytes() for path in folder.iterdir() if path.name not in own}
    receipt = json.loads(decoded((folder / "receipt.json").read_text()))
    told = {key: receipt[key] for key in ("version", "manifest", "engine", "outcome", "last", "run")}
    told["slots"] = [entry["name"] for entry in receipt["slots"]]
    told["outputs"] = [entry["name"] for entry in receipt["outputs"]]
    return {
        "outputs": outputs if receipt["outcome"] == "completed" else None,
        "code": result.returncode,
        "receipt": told,
    }


def decoded(envelope):
    return base64.b64decode(json.loads(envelope)["payload"]).decode()
