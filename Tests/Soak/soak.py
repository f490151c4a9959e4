"""Mixed load on one agent, hostile and honest at once: `soak.py [--seconds 20]`.

Afterwards its memory, descriptors and files are what they were, its evidence is still affirmed, and its session
still runs to the end. Needs the built commands and the example's guests: `make soak` does it all.
"""

import argparse
import collections
import pathlib
import random
import statistics
import sys
import tempfile
import threading
import time

import load
from machine import Machine
from session import HAS_OTHER_MEMORY

# Memory may move by this much between the second quarter of the load and the last.
ALLOWED_FACTOR, ALLOWED_BYTES = 1.10, 12 << 20


class Load:
    """Runs every kind of client in threads of its own until the time is over."""

    def __init__(self, machine, seconds):
        self.machine = machine
        self.end = time.monotonic() + seconds
        self.counts = collections.Counter()
        self.faults = []
        self.lock = threading.Lock()

    def repeat(self, name, client):
        random_source = random.Random(name)
        while time.monotonic() < self.end:
            try:
                client(self.machine, random_source, self.end)
                with self.lock:
                    self.counts[name] += 1
            except load.Refused:
                with self.lock:
                    self.counts[name + ", refused"] += 1
            except Exception as error:  # pylint: disable=broad-except
                with self.lock:
                    self.faults.append(f"{name}: {type(error).__name__}: {error}")
                time.sleep(0.2)

    def run(self, watch):
        kinds = [
            ("evidence", load.ask_for_evidence, 2),
            ("status", load.ask_for_status, 1),
            ("garbage", load.send_garbage, 2),
            ("cut uploads", load.cut_an_upload, 2),
            ("changed uploads", load.change_an_upload, 1),
            ("dripped heads", load.drip_a_head, 8),
            ("dripped bodies", load.drip_a_body, 4),
            ("idle connections", load.stay_idle, 1),
            ("listeners", load.listen, 4),
            ("guessed tokens", load.guess_a_token, 1),
        ]
        threads = [
            threading.Thread(target=self.repeat, args=(name if i == 0 else f"{name}", client), daemon=True)
            for name, client, count in kinds
            for i in range(count)
        ]
        for thread in threads:
            thread.start()
        while time.monotonic() < self.end:
            watch()
            time.sleep(0.5)
        for thread in threads:
            thread.join(timeout=60)
        if any(thread.is_alive() for thread in threads):
            self.faults.append("a client was never answered")


def settled(measure, allowed, seconds=45):
    """Waits until a measurement is at most `allowed`: closing takes the agent a moment."""
    end = time.monotonic() + seconds
    while measure() > allowed and time.monotonic() < end:
        time.sleep(0.5)
    return measure()


def main():
    parser = argparse.ArgumentParser(description="Mixed load on one agent.")
    parser.add_argument("--seconds", type=int, default=20)
    seconds = parser.parse_args().seconds

    with tempfile.TemporaryDirectory() as folder, Machine(pathlib.Path(folder)) as machine:
        machine.lock()
        machine.seal_a_submission()
        load.ask_for_evidence(machine, random.Random(0), time.monotonic() + 10)
        before = (machine.descriptors(), machine.folder_bytes())

        samples = []
        work = Load(machine, seconds)
        work.run(lambda: samples.append(machine.anonymous_bytes()))

        quarter = max(1, len(samples) // 4)
        early, late = statistics.median(samples[quarter : 2 * quarter]), statistics.median(samples[-quarter:])
        descriptors = settled(machine.descriptors, before[0] + 4)
        files = settled(machine.folder_bytes, before[1])
        for name, count in sorted(work.counts.items()):
            print(f"  {count:>8} {name}")
        print(
            f"  memory {early / 2**20:.0f} MiB early, {late / 2**20:.0f} MiB late, {max(samples) / 2**20:.0f} at most;"
            f" {descriptors} descriptors, {files} bytes of files left"
        )

        faults = list(work.faults[:10])
        if not HAS_OTHER_MEMORY and late > early * ALLOWED_FACTOR + ALLOWED_BYTES:
            faults.append("memory grew")
        if descriptors > before[0] + 4:
            faults.append(f"descriptors stayed open: {before[0]} before")
        if files > before[1]:
            faults.append(f"files stayed: {before[1]} bytes before")
        missing = [
            name
            for name in ("evidence", "garbage", "cut uploads")
            if not work.counts[name] and not work.counts[name + ", refused"]
        ]
        faults += [f"no {name} got through" for name in missing]
        machine.attest()
        machine.finish_session()
    if faults:
        sys.exit("soak: error: " + "\nsoak: error: ".join(faults))


if __name__ == "__main__":
    main()
