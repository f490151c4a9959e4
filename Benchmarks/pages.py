"""The page on a large manifest: a whole process of `2cvm manifest explain --html`."""

import pathlib
import statistics
import sys
import tempfile

from workshop import COMMAND, ROOT, timed

sys.path.insert(0, str(ROOT / "Tests/Pages"))

import made  # noqa: E402

REPEATS = 20


def rows(_):
    """One row for the table of commands."""
    with tempfile.TemporaryDirectory() as folder:
        manifest = made.write(folder, "large.json", made.large())
        page = pathlib.Path(folder) / "page.html"
        # The process is started with an empty environment, and a reader's keys lie somewhere.
        words = [
            "/usr/bin/env",
            f"TWOCVM_HOME={folder}",
            COMMAND,
            "manifest",
            "explain",
            manifest,
            "--html",
            page,
            "--force",
        ]
        times = sorted(timed(*words)[0] * 1000 for _ in range(REPEATS))
        size = page.stat().st_size
    spread = f"({times[1]:.0f} ms to {times[-2]:.0f} ms)"
    figure = f"{statistics.median(times):.0f} ms {spread}, {size / 1024:.0f} KiB"
    return [
        (
            "the page on a manifest of 20 participants, 40 components and 120 channels, 20 drawings, whole process",
            figure,
            "at most 1 s, and 200 KiB",
        )
    ]


if __name__ == "__main__":
    print(" | ".join(rows(None)[0]))
