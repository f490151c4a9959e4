"""Trains a model, and rehearses the example on this machine, with what somebody tries: `make private-model`.

Fails if a prediction is not the model's own, or if a cheat gets anything.
"""

import csv
import json
import os
import pathlib
import pickle
import secrets
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
COMMAND = ROOT / ".build" / "release" / "2cvm"
IMPORTS = """
    wasi:cli/environment wasi:cli/exit wasi:cli/stderr wasi:cli/stdin wasi:cli/stdout wasi:cli/terminal-input
    wasi:cli/terminal-output wasi:cli/terminal-stderr wasi:cli/terminal-stdin wasi:cli/terminal-stdout
    wasi:clocks/monotonic-clock wasi:clocks/wall-clock wasi:filesystem/preopens wasi:filesystem/types wasi:io/error
    wasi:io/poll wasi:io/streams wasi:random/random
""".split()


def command(*words):
    return subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True, check=False)


def runtime():
    """The digest of the installed runtime `python`; `None` where there is none."""
    found = [entry for entry in json.loads(command("runtime", "list", "--json").stdout) if entry["name"] == "python"]
    return found[-1]["component"] if found else None


class Rehearsal:
    """A folder with the keys of owner and clinic, and manifests that they agree to."""

    def __init__(self, folder):
        self.folder, self.count, self.salts = pathlib.Path(folder), 0, {}
        self.template = json.loads((HERE / "manifest.template.json").read_text())
        for name in self.template["participants"]:
            command("key", "new", name, "--directory", self.folder)

    def manifest(self, script, changes=lambda manifest: None):
        """A manifest that pins a script."""
        manifest = json.loads(json.dumps(self.template))
        manifest["salt"] = secrets.token_hex(32)
        manifest["participants"] = [
            json.loads((self.folder / f"{name}.pub").read_text()) for name in manifest["participants"]
        ]
        manifest["components"][0] |= {"digest": runtime(), "imports": IMPORTS}
        pinned = json.loads(command("data", "commit", script, "--salt", "new", "--json").stdout)
        next(entry for entry in manifest["data"] if entry["name"] == "script")["commitment"] = pinned["commitment"]
        changes(manifest)
        self.count += 1
        file = self.folder / f"manifest-{self.count}.json"
        file.write_text(json.dumps(manifest, indent=2))
        self.salts[file] = pinned["salt"]
        return file

    def run(self, manifest, script, **files):
        """Exit status, what was said, and the outputs' texts by name."""
        output = self.folder / f"output-{secrets.token_hex(4)}"
        words = ["run", manifest, "--data", f"script={script}", "--salt", f"script={self.salts[manifest]}"]
        for name, file in files.items():
            words += ["--data", f"{name}={file}"]
        done = command(*words, "--output", output)
        texts = {file.name: file.read_text() for file in output.iterdir()} if output.exists() else {}
        return done.returncode, done.stdout + done.stderr, texts

    def train(self):
        """The owner's model, the clinic's patients, and what the model says of them, each in a file."""

        def alone(manifest):
            owner = manifest["participants"][0]
            name = owner["name"]
            manifest |= {"name": "training", "participants": [owner], "purpose": "Train on public data."}
            manifest["data"] = [entry for entry in manifest["data"] if entry["name"] == "script"]
            parts = ["model.json", "patients.csv", "truth.csv"]
            manifest["outputs"] = [
                {"name": part.split(".")[0], "recipients": [name], "format": "any", "maximumBytes": 1 << 20}
                for part in parts
            ]
            manifest["channels"] = [{"mount": "script", "component": "python", "path": "/code/main.py"}] + [
                {"release": part.split(".")[0], "component": "python", "path": f"/output/{part}"} for part in parts
            ]

        script = HERE / "train.py"
        status, said, texts = self.run(self.manifest(script, alone), script)
        if status != 0:
            sys.exit(f"private-model: error: the model was not trained\n{said}")
        files = {"model": "model.json", "patients": "patients.csv", "truth": "truth.csv"}
        for name, file in files.items():
            (self.folder / file).write_text(texts[name])
        return {name: self.folder / file for name, file in files.items()}


def score(predictions, truth):
    """How many predictions are the model's own, of how many; and how many diagnoses are right."""
    told = {row["patient"]: float(row["risk"]) for row in csv.DictReader(predictions.splitlines())}
    known = list(csv.DictReader(truth.read_text().splitlines()))
    equal = sum(abs(told[row["patient"]] - float(row["risk"])) <= 0.0005 + 1e-9 for row in known)
    right = sum((told[row["patient"]] >= 0.5) == (row["malignant"] == "True") for row in known)
    return equal, len(known), right


def main():
    if runtime() is None:
        print("compiling the runtime python, once: some minutes", flush=True)
        done = command("runtime", "install", ROOT / ".build" / "runtimes" / "python")
        if done.returncode != 0:
            sys.exit(f"private-model: error: the runtime was not installed\n{done.stderr}")
    with tempfile.TemporaryDirectory() as folder:
        rehearsal = Rehearsal(folder)
        files = rehearsal.train()
        script, cheat = HERE / "predict.py", HERE / "cheat.py"
        brought = {"model": files["model"], "patients": files["patients"]}
        agreed = rehearsal.manifest(script)
        status, said, texts = rehearsal.run(agreed, script, **brought)
        if status != 0:
            sys.exit(f"private-model: error: nothing was predicted\n{said}")
        equal, count, right = score(texts["predictions"], files["truth"])
        print(f"the clinic received {count} predictions, {right} of them right; the owner received: {texts['count']!r}")
        if equal != count:
            sys.exit(f"private-model: error: {count - equal} predictions are not the model's")

        pickled = pathlib.Path(folder) / "model.pkl"
        pickled.write_bytes(pickle.dumps(json.loads(files["model"].read_text())))
        attempts = [
            ("the owner runs another script than was signed", agreed, cheat, brought),
            ("the owner brings a pickle as the model", agreed, script, brought | {"model": pickled}),
            ("both sign the owner's cheat unread", rehearsal.manifest(cheat), cheat, brought),
        ]
        for name, manifest, tried, given in attempts:
            status, said, texts = rehearsal.run(manifest, tried, **given)
            line = next((line for line in said.splitlines() if "error[" in line), said)
            print(f"{name}: {line}")
            if status == 0 or texts:
                sys.exit("private-model: error: the cheat got something")


if __name__ == "__main__":
    os.environ.setdefault("TWOCVM_RUNTIMES", str(ROOT / ".build" / "runtimes" / "installed"))
    main()
