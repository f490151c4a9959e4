"""The example as a plan: each hospital's rows in shards of their own, on machines of their own.

`Plan(participants, folder).draft(shards)` writes a manifest for each hospital and one for the pool, joins them into a
plan, and splits the hospitals' sessions. Used by the tests on a cluster and by the benchmark of plans.
"""

import hashlib
import json
import pathlib
import secrets

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
GUESTS = ROOT / ".build" / "guests"
HOSPITALS = ("hospital-a", "hospital-b", "hospital-c")
NAMES = (*HOSPITALS, "statistician")
FORMAT = json.loads((HERE / "patients.format.json").read_text())
TEMPLATE = json.loads((HERE / "manifest.template.json").read_text())
# What one machine writes for another: 78 numbers, a line each, of at most 25 characters.
MOMENTS_BYTES = 2048


def component(name, guest, memory):
    digest = hashlib.sha256((GUESTS / f"{guest}.wasm").read_bytes()).hexdigest()
    return {
        "name": name,
        "provider": "statistician",
        "digest": "sha256:" + digest,
        "maximumBytes": 262144,
        "imports": ["twocvm:guest/files"],
        "memoryMiB": memory,
    }


class Plan:
    """A plan of shards and a pool, from its drafts to everyone's signatures."""

    def __init__(self, participants, folder, rows=1 << 20, memory=8):
        """`participants` have keys; `rows` are the bytes of one shard's table, `memory` the MiB that summing takes."""
        self.participants = participants
        self.folder = pathlib.Path(folder)
        self.rows, self.memory = rows, memory
        self.signed = self.folder / "plan.signed.json"
        # How long a machine waits for its parts.
        self.admission = 3600

    def manifest(self, name):
        return {
            "version": 1,
            "name": name,
            "purpose": TEMPLATE["purpose"],
            "salt": secrets.token_hex(32),
            "participants": self.participants.public_keys(),
            "limits": TEMPLATE["limits"] | {"admissionSeconds": self.admission},
            "platform": TEMPLATE["platform"],
        }

    def site(self, letter):
        """One hospital: its rows go in, the sums come out."""
        return self.manifest(f"site-{letter}") | {
            "components": [component("moments", "moments", self.memory), component("writer", "moments-writer", 8)],
            "data": [
                {
                    "name": "patients",
                    "provider": f"hospital-{letter}",
                    "commitment": "any",
                    "maximumBytes": self.rows,
                    # A row has 20 bytes at least, line end included.
                    "format": FORMAT | {"maximumRows": max(FORMAT["maximumRows"], self.rows // 20)},
                }
            ],
            "outputs": [
                {"name": "sums", "recipients": ["statistician"], "format": "any", "maximumBytes": MOMENTS_BYTES}
            ],
            "channels": [
                {"mount": "patients", "component": "moments", "path": "/data/patients.csv"},
                {
                    "link": "site",
                    "importer": "writer",
                    "exporter": "moments",
                    "export": "cohort:statistics/moments",
                },
                {"release": "sums", "component": "writer", "path": "/output/moments.txt"},
            ],
            "run": {"component": "writer", "export": "wasi:cli/run"},
        }

    def pool(self):
        """The regression, unchanged: each site's sums come from files now."""
        letters = [hospital[-1] for hospital in HOSPITALS]
        return self.manifest("pool") | {
            "components": [component(f"moments-{letter}", "moments-reader", 8) for letter in letters]
            + [component("regression", "regression", 8)],
            "data": [
                {
                    "name": f"sums-{letter}",
                    "provider": f"hospital-{letter}",
                    "commitment": "any",
                    "maximumBytes": MOMENTS_BYTES,
                }
                for letter in letters
            ],
            "outputs": TEMPLATE["outputs"],
            "channels": [
                {"mount": f"sums-{letter}", "component": f"moments-{letter}", "path": f"/data/sums-{letter}.txt"}
                for letter in letters
            ]
            + [channel for channel in TEMPLATE["channels"] if "mount" not in channel],
            "run": TEMPLATE["run"],
        }

    def draft(self, shards, attempts=1):
        """Splits each hospital into as many shards as `shards` has for it; returns the plan's file."""
        words = []
        for letter in (hospital[-1] for hospital in HOSPITALS):
            words += ["--session", f"site-{letter}={self.write(self.site(letter))}"]
            words += ["--flow", f"site-{letter}/sums=pool/sums-{letter}"]
            words += ["--attempts", f"site-{letter}={attempts}"]
        words += ["--session", f"pool={self.write(self.pool())}"]
        folder = self.folder / "draft"
        # As old as a simulated platform's list.
        words += ["--revocation-not-before", "2026-01-01"]
        self.by("plan", "new", "--name", "cohort", "--purpose", TEMPLATE["purpose"], *words, "--output", folder)
        for hospital, count in zip(HOSPITALS, shards, strict=True):
            wider = self.folder / f"draft-{hospital}"
            session = f"site-{hospital[-1]}"
            plan = folder / "plan.json"
            self.by("plan", "expand", plan, "--session", session, "--shards", count, "--output", wider)
            folder = wider
        self.manifests = folder / "manifests"
        return folder / "plan.json"

    def sign(self, plan):
        """Everyone signs, and the envelopes are joined."""
        envelopes = []
        for name in NAMES:
            for other in NAMES:
                if other != name:
                    key = json.loads((self.participants.folder / f"{other}.pub").read_text())["signingKey"]
                    self.participants.by(name, "key", "trust", other, key)
            envelopes.append(self.folder / f"{name}.json")
            key = self.participants.key(name)
            self.participants.by(name, "plan", "sign", plan, "--key", key, "--output", envelopes[-1])
        self.by("plan", "join", *envelopes, "--output", self.signed)

    def by(self, *words):
        return self.participants.by("statistician", *words)

    def write(self, manifest):
        file = self.folder / f"{manifest['name']}.json"
        file.write_text(json.dumps(manifest, indent=2))
        return file
