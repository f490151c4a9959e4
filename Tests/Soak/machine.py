"""A simulated agent with a session of one participant, through the built commands alone."""

import hashlib
import json
import os
import pathlib
import re
import secrets
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMANDS = ROOT / ".build/release"
COMPONENT = ROOT / ".build/guests/moments.wasm"
DATA = ROOT / "examples/cohort-regression/data"
MEASUREMENT = "ab" * 48
UPLOAD_BYTES = 8 << 20
SITES = "abc"


class Machine:
    """Ends its agent when it is left."""

    def __init__(self, folder, upload_bytes=UPLOAD_BYTES, keys=None, participant=None):
        """`participant` is the folder of another machine, whose keys, home and signed manifest are used again."""
        self.folder = participant or folder
        self.upload_bytes = upload_bytes
        self.files = folder / "agent"
        self.files.mkdir(mode=0o700)
        self.environment = {**os.environ, "TWOCVM_HOME": str(self.folder / "home")}
        self.log = open(folder / "agent.log", "wb")
        self.process = subprocess.Popen(
            [COMMANDS / "2cvm-agent-simulated", "--listen", "127.0.0.1:0", "--keys", keys or folder / "simulation.keys",
             "--measurement", MEASUREMENT, "--folder", self.files],
            stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.root = self.announced(r"simulated root sha256:([0-9a-f]{64})")
        self.host, port = self.announced(r"listening on ([0-9.]+:[0-9]+)").split(":")
        self.port = int(port)

    def announced(self, pattern):
        for line in self.process.stdout:
            found = re.search(pattern, line)
            if found:
                return found[1]
        sys.exit("soak: error: the agent ended: " + pathlib.Path(self.log.name).read_text()[-2000:])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        alive = self.process.poll() is None
        self.process.terminate()
        status = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.log.close()
        if not alive or status != 0:
            log = pathlib.Path(self.log.name).read_text()[-2000:]
            sys.exit(f"soak: error: the agent ended with {status}{'' if alive else ' on its own'}: {log}")

    def attempt(self, *words):
        """Runs a command that may end as it will."""
        return subprocess.run([COMMANDS / "2cvm", *map(str, words)], capture_output=True, text=True,
                              env=self.environment, check=False)

    def command(self, *words):
        done = self.attempt(*words)
        if done.returncode != 0:
            sys.exit(f"soak: error: 2cvm {words[0]} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    @property
    def url(self):
        return f"http://{self.host}:{self.port}"

    def terms(self):
        return ["--manifest", self.folder / "signed.json", "--simulated-root", self.root]

    def sender(self):
        return [*self.terms(), "--as", "soak", "--key", self.folder / "soak.key"]

    def manifest(self, participant):
        regression = COMPONENT.with_name("regression.wasm")

        def component(name, file, memory):
            return {"name": name, "provider": "soak",
                    "digest": "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest(),
                    "maximumBytes": 1 << 20, "imports": ["twocvm:guest/files"], "memoryMiB": memory}

        return {
            "version": 1, "name": "soak", "purpose": "A session under load.", "salt": secrets.token_hex(32),
            "participants": [participant],
            "components": [component(f"moments-{site}", COMPONENT, 64) for site in SITES]
            + [component("regression", regression, 16)],
            "data": [{"name": f"patients-{site}", "provider": "soak", "commitment": "any",
                      "maximumBytes": self.upload_bytes} for site in SITES],
            "outputs": [{"name": "coefficients", "recipients": ["soak"], "maximumBytes": 65536}],
            "channels": [{"mount": f"patients-{site}", "component": f"moments-{site}", "path": "/data/patients.csv"}
                         for site in SITES]
            + [{"link": f"site-{site}", "importer": "regression", "exporter": f"moments-{site}",
                "export": "cohort:statistics/moments"} for site in SITES]
            + [{"release": "coefficients", "component": "regression", "path": "/output/coefficients.json"}],
            "run": {"component": "regression", "export": "wasi:cli/run"},
            "limits": {"compileSeconds": 60, "wallTimeSeconds": 60, "admissionSeconds": 86400,
                       "retentionSeconds": 3600, "runs": 1},
            "platform": {"kind": "simulated", "binding": "lock", "measurements": [MEASUREMENT]},
        }

    def lock(self, prepared=False):
        if not prepared:
            self.prepare()
        self.command("lock", self.url, *self.sender())

    def prepare(self):
        """Keys, and a manifest that is signed."""
        self.command("key", "new", "soak", "--directory", self.folder)
        participant = json.loads((self.folder / "soak.pub").read_text())
        (self.folder / "draft.json").write_text(json.dumps(self.manifest(participant)))
        self.command("manifest", "sign", self.folder / "draft.json", "--key", self.folder / "soak.key",
                     "--output", self.folder / "signed.json")

    def seal_a_submission(self):
        """A whole, valid stream that is only ever sent in part or changed."""
        content = self.folder / "content"
        content.write_bytes(secrets.token_bytes(self.upload_bytes))
        nonce = secrets.token_hex(32)
        evidence = self.folder / "evidence.json"
        subprocess.run(["curl", "--silent", "--fail", "--output", evidence, f"{self.url}/v1/evidence?nonce={nonce}"],
                       check=True)
        self.command("seal", "--evidence", evidence, *self.sender(), "--data", f"patients-a={content}",
                     "--output", self.folder / "sealed")
        self.sealed = (self.folder / "sealed").read_bytes()

    def attest(self):
        self.command("attest", self.url, *self.terms())

    def finish_session(self):
        """What the load was aimed at still does its work."""
        components = [f"--component=moments-{site}={COMPONENT}" for site in SITES]
        data = [f"--data=patients-{site}={DATA}/hospital-{site}.csv" for site in SITES]
        self.command("submit", self.url, *self.sender(), *components,
                     f"--component=regression={COMPONENT.with_name('regression.wasm')}", *data)
        self.command("fetch", self.url, *self.sender(), "--wait", "--output", self.folder / "results")
        if not (self.folder / "results/coefficients").exists():
            sys.exit("soak: error: the session did not complete")

    def anonymous_bytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"RssAnon:\s+(\d+)", status)[1]) * 1024

    def reset_peak(self):
        """Lets the kernel count the largest resident size anew."""
        pathlib.Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")

    def peak_bytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) * 1024

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def folder_bytes(self):
        return sum(file.stat().st_size for file in self.files.rglob("*") if file.is_file())
