"""What all participants of this example agree on: a template, filled with their keys and the digest of the runtime."""

import hashlib
import json
import pathlib
import secrets
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from participants import AGENT, COMMAND, HOSTILE, ROOT, Participants  # noqa: E402

# What the scripts of this example start.
__all__ = ["AGENT", "COMMAND", "HERE", "HOSTILE", "RUNTIME", "Agreement"]

RUNTIME = ROOT / ".build" / "runtimes" / "sql.wasm"


class Agreement(Participants):
    """A folder with the keys of all participants, and the manifest that they agreed to."""

    def __init__(self, folder):
        super().__init__(folder)
        self.manifest = self.folder / "manifest.json"

    def filled(self, template):
        """A template with new keys, a salt and the digest of the runtime."""
        manifest = json.loads((HERE / template).read_text())
        self.make_keys(manifest["participants"])
        manifest["salt"] = secrets.token_hex(32)
        manifest["participants"] = self.public_keys()
        manifest["components"][0]["digest"] = f"sha256:{hashlib.sha256(RUNTIME.read_bytes()).hexdigest()}"
        return manifest

    def draft(self, manifest):
        self.manifest.write_text(json.dumps(manifest, indent=2))

    def command(self, *words):
        """What anybody can run, without a key or a ledger."""
        return subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True, check=True).stdout
