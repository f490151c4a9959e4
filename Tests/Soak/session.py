"""One participant with a session of its own, through the built commands alone."""

import hashlib
import json
import os
import pathlib
import secrets
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
# Others than the build's own may be tried, such as those that a sanitizer watches.
COMMANDS = pathlib.Path(os.environ.get("TWOCVM_PROGRAMS", ROOT / ".build/release"))
# They take more memory than the build's own may.
HAS_OTHER_MEMORY = "TWOCVM_PROGRAMS" in os.environ
COMPONENT = ROOT / ".build/guests/moments.wasm"
DATA = ROOT / "examples/cohort-regression/data"
MEASUREMENT = "ab" * 48
UPLOAD_BYTES = 8 << 20
SITES = "abc"
EXAMPLE = json.loads((ROOT / "examples/cohort-regression/manifest.template.json").read_text())
# So that each session goes through a gate.
COEFFICIENTS = EXAMPLE["outputs"][0]["format"]


class Session:
    """The example's components and data, all of them one participant's."""

    binding = "lock"
    measurement = MEASUREMENT
    memory_mib = 64
    # Of whoever owns the machine: where its agent is, and the simulated root of its evidence.
    url = root = None

    def __init__(self, folder, upload_bytes=UPLOAD_BYTES):
        self.folder = folder
        self.upload_bytes = upload_bytes
        self.environment = {**os.environ, "TWOCVM_HOME": str(folder / "home")}

    def attempt(self, *words):
        """Runs a command that may end as it will."""
        return subprocess.run(
            [COMMANDS / "2cvm", *map(str, words)], capture_output=True, text=True, env=self.environment, check=False
        )

    def command(self, *words):
        done = self.attempt(*words)
        if done.returncode != 0:
            sys.exit(f"session: error: 2cvm {words[0]} ended with {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def terms(self):
        return ["--manifest", self.folder / "signed.json", "--simulated-root", self.root]

    def sender(self):
        return [*self.terms(), "--as", "soak", "--key", self.folder / "soak.key"]

    def manifest(self):
        regression = COMPONENT.with_name("regression.wasm")

        def component(name, file, memory):
            return {
                "name": name,
                "provider": "soak",
                "digest": "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest(),
                "maximumBytes": 1 << 18,
                "imports": ["twocvm:guest/files"],
                "memoryMiB": memory,
            }

        return {
            "version": 1,
            "name": "soak",
            "purpose": "A session under load.",
            "salt": secrets.token_hex(32),
            "participants": [self.participant],
            "components": [component(f"moments-{site}", COMPONENT, self.memory_mib) for site in SITES]
            + [component("regression", regression, 16)],
            "data": [
                {"name": f"patients-{site}", "provider": "soak", "commitment": "any", "maximumBytes": self.upload_bytes}
                for site in SITES
            ],
            "outputs": [
                {"name": "coefficients", "recipients": ["soak"], "format": COEFFICIENTS, "maximumBytes": 65536}
            ],
            "channels": [
                {"mount": f"patients-{site}", "component": f"moments-{site}", "path": "/data/patients.csv"}
                for site in SITES
            ]
            + [
                {
                    "link": f"site-{site}",
                    "importer": "regression",
                    "exporter": f"moments-{site}",
                    "export": "cohort:statistics/moments",
                }
                for site in SITES
            ]
            + [{"release": "coefficients", "component": "regression", "path": "/output/coefficients.json"}],
            "run": {"component": "regression", "export": "wasi:cli/run"},
            "limits": {
                "compileSeconds": 60,
                "wallTimeSeconds": 60,
                "admissionSeconds": 86400,
                "retentionSeconds": 3600,
                "runs": 1,
            },
            "platform": {"kind": "simulated", "binding": self.binding, "measurements": [self.measurement]},
        }

    def lock(self, prepared=False):
        if not prepared:
            self.prepare()
        self.command("lock", self.url, *self.sender())

    def prepare(self):
        """Keys, and a manifest that is signed."""
        self.make_keys()
        self.sign(self.manifest())

    def make_keys(self):
        self.command("key", "new", "soak", "--directory", self.folder)
        self.participant = json.loads((self.folder / "soak.pub").read_text())

    def sign(self, manifest):
        (self.folder / "draft.json").write_text(json.dumps(manifest))
        self.command(
            "manifest",
            "sign",
            self.folder / "draft.json",
            "--key",
            self.folder / "soak.key",
            "--output",
            self.folder / "signed.json",
        )

    def seal_a_submission(self):
        """A whole, valid stream that is only ever sent in part or changed."""
        content = self.folder / "content"
        content.write_bytes(secrets.token_bytes(self.upload_bytes))
        nonce = secrets.token_hex(32)
        evidence = self.folder / "evidence.json"
        subprocess.run(
            ["curl", "--silent", "--fail", "--output", evidence, f"{self.url}/v1/evidence?nonce={nonce}"], check=True
        )
        self.command(
            "seal",
            "--evidence",
            evidence,
            *self.sender(),
            "--data",
            f"patients-a={content}",
            "--output",
            self.folder / "sealed",
        )
        self.sealed = (self.folder / "sealed").read_bytes()

    def attest(self):
        self.command("attest", self.url, *self.terms())

    def finish_session(self):
        """What the load was aimed at still does its work."""
        components = [f"--component=moments-{site}={COMPONENT}" for site in SITES]
        data = [f"--data=patients-{site}={DATA}/hospital-{site}.csv" for site in SITES]
        self.command(
            "submit",
            self.url,
            *self.sender(),
            *components,
            f"--component=regression={COMPONENT.with_name('regression.wasm')}",
            *data,
        )
        self.command("fetch", self.url, *self.sender(), "--wait", "--output", self.folder / "results")
        if not (self.folder / "results/coefficients").exists():
            sys.exit("session: error: the session did not complete")
