"""The example as a sealed session over loopback, on a simulated machine that holds the runtime: `make private-model`.

Owner and clinic have keys and ledgers of their own. Nobody submits the runtime: it counts as submitted at the lock.
"""

import os
import sys
import tempfile
import time

import rehearsal
from rehearsal import HERE, Rehearsal, score

sys.path.insert(0, str(HERE.parent))

from participants import Participants  # noqa: E402

PARTIES = ("model-owner", "clinic")


class Session(Participants):
    """Owner and clinic, the manifest that they signed, and an agent that holds the runtimes of this machine."""

    def __init__(self, folder):
        super().__init__(folder)
        agreed = Rehearsal(folder)
        self.names = PARTIES
        self.files = agreed.train()
        self.script = HERE / "predict.py"

        def locking(manifest):
            manifest["platform"]["binding"] = "lock"

        draft = agreed.manifest(self.script, locking)
        self.salt = agreed.salts[draft]
        self.sign(draft)

    def agent(self, *more):
        return super().agent("--runtimes", os.environ["TWOCVM_RUNTIMES"], *more)

    def finish(self):
        """Both submit, and fetch what is theirs: predictions and count."""
        script = ["--data", f"script={self.script}", "--salt", f"script={self.salt}"]
        self.step("model-owner", "submit", "--data", f"model={self.files['model']}", *script)
        self.step("clinic", "submit", "--data", f"patients={self.files['patients']}")
        self.by("clinic", "status", self.url, "--follow")
        results = {}
        for name in PARTIES:
            folder = self.folder / f"results-{name}"
            self.step(name, "fetch", "--output", folder)
            self.by(name, "receipt", "verify", folder, "--manifest", self.signed, "--simulated-root", self.root)
            for output in ("predictions", "count"):
                if (folder / output).exists():
                    results[name, output] = (folder / output).read_text()
        return results


def main():
    if rehearsal.runtime() is None:
        sys.exit("private-model: error: the runtime python is not installed\nhint: 2cvm runtime install")
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        session = Session(folder)
        with session.agent():
            session.step("clinic", "lock")
            slots = session.slots()
            print(f"\nThe same, sealed: locked, and {slots['filled']} of {slots['total']} slots filled by the machine.")
            results = session.finish()
        equal, count, _ = score(results["clinic", "predictions"], session.files["truth"])
        print(f"the clinic received {count} predictions, the owner {results['model-owner', 'count']!r}")
        if equal != count or set(results) != {("clinic", "predictions"), ("model-owner", "count")}:
            sys.exit("private-model: error: the session gave something else")
    print(f"{time.monotonic() - start:.1f} s")


if __name__ == "__main__":
    os.environ.setdefault("TWOCVM_RUNTIMES", str(HERE.parents[1] / ".build" / "runtimes" / "installed"))
    main()
