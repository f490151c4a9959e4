"""The monitor's page of a session in which a question waits: from the browser's asking to the first paint."""

import statistics
import sys
import tempfile

from workshop import ROOT

sys.path.insert(0, str(ROOT / "Tests/Pages"))

from browser import MISSING, Browser  # noqa: E402
from watched import UNBUILT, Watched, until  # noqa: E402

REPEATS = 20
QUESTION = "select 'one' as label, 1 as amount, 2.5 as \"<b>share\"\n"
PAINT = "return performance.getEntriesByName('first-contentful-paint').map(entry => entry.startTime)[0]"


def rows(_):
    """One row for the table of commands; none without a browser, the runtime for SQL or a program."""
    if MISSING or UNBUILT:
        return []
    with tempfile.TemporaryDirectory() as folder:
        session, browser = Watched(folder), Browser()
        try:
            with session.agent():
                session.open()
                session.ask(QUESTION)
                times = sorted(paints(session, browser))
        finally:
            browser.close()
    figure = f"{statistics.median(times):.0f} ms ({times[1]:.0f} ms to {times[-2]:.0f} ms)"
    return [("the monitor's page with a question that waits, to the first paint in Chromium", figure, "at most 300 ms")]


def paints(session, browser):
    """Milliseconds of each repeat."""
    monitor = session.monitor("bank")
    try:
        browser.show(monitor.file.as_uri())
        browser.click("button")
        if not until(lambda: "the question waits for your answer" in browser.text()):
            raise SystemExit("monitor: error: nothing waits")
        for _ in range(REPEATS):
            browser.show(monitor.address)
            yield until(lambda: browser.run(PAINT))
    finally:
        monitor.close()


if __name__ == "__main__":
    for row in rows(None):
        print(" | ".join(row))
