"""What an agent must withstand, with the built programs as processes: `withstand.py`.

A worker that is killed, a client that is killed in mid-upload, a submission of 1 GiB, a restart. Needs the built
commands and the example's guests: `make soak` does it all.
"""

import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import time

from machine import Machine
from session import COMMANDS, COMPONENT, DATA, HAS_OTHER_MEMORY, SITES

LARGE_BYTES = 1 << 30
# Beside the files: what the agent or a client may have resident, its program included.
MEMORY_BYTES = 64 << 20


def require(condition, words):
    if not condition:
        sys.exit(f"withstand: error: {words}")


def until(condition, words, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        require(time.monotonic() < end, words)
        time.sleep(0.02)


def status(machine):
    return json.loads(machine.command("status", machine.url, "--json"))


def submit_components(machine):
    machine.command(
        "submit",
        machine.url,
        *machine.sender(),
        *(f"--component=moments-{site}={COMPONENT}" for site in SITES),
        f"--component=regression={COMPONENT.with_name('regression.wasm')}",
    )


def workers(machine):
    path = pathlib.Path(f"/proc/{machine.process.pid}/task")
    children = [int(word) for task in path.iterdir() for word in (task / "children").read_text().split()]
    return [child for child in children if b"worker" in pathlib.Path(f"/proc/{child}/cmdline").read_bytes()]


def killed_worker(folder):
    """The worker compiles, and waits for data, as soon as the last component is there."""
    with Machine(folder) as machine:
        machine.lock()
        submit_components(machine)
        until(lambda: workers(machine), "no worker was started for the components")
        for worker in workers(machine):
            os.kill(worker, signal.SIGKILL)
        machine.command(
            "submit",
            machine.url,
            *machine.sender(),
            *(f"--data=patients-{site}={DATA}/hospital-{site}.csv" for site in SITES),
        )
        done = machine.attempt(
            "fetch", machine.url, *machine.sender(), "--wait", "--output", folder / "results", "--json"
        )
        require(
            done.returncode == 4 and json.loads(done.stdout)["outcome"] == "failed",
            f"a killed worker ended the session with {done.returncode}: {done.stderr}",
        )
        require(not (folder / "results/coefficients").exists(), "a failed run released something")
        machine.command("receipt", "verify", folder / "results", *machine.terms())


def killed_client(folder):
    with Machine(folder, upload_bytes=LARGE_BYTES) as machine:
        machine.lock()
        content = large_file(folder)
        before = machine.folder_bytes()
        client = subprocess.Popen(
            [COMMANDS / "2cvm", "submit", machine.url, *map(str, machine.sender()), "--data", f"patients-a={content}"],
            env=machine.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        until(lambda: machine.folder_bytes() > before or client.poll() is not None, "nothing arrived")
        require(client.poll() is None, "the submission was over before its client could be killed")
        client.kill()
        client.wait()
        until(lambda: machine.folder_bytes() <= before, "a client that was killed left its bytes behind")
        now = status(machine)
        require(now["slots"]["filled"] == 0 and now["stage"] == "admitting", f"the slot did not stay open: {now}")
        # The same slot, by the same participant, as a whole.
        machine.command("submit", machine.url, *machine.sender(), "--data", f"patients-a={DATA}/hospital-a.csv")


def large_file(folder):
    path = folder / "large"
    with open(path, "wb") as file:
        file.truncate(LARGE_BYTES)
    return path


def large_submission(folder):
    with Machine(folder, upload_bytes=LARGE_BYTES) as machine:
        machine.lock()
        machine.reset_peak()
        machine.command("submit", machine.url, *machine.sender(), "--data", f"patients-a={large_file(folder)}")
        peak = machine.peak_bytes()
        client = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        print(f"  1 GiB submitted: the agent's largest resident size {peak >> 20} MiB, the client's {client >> 20} MiB")
        if HAS_OTHER_MEMORY:
            return
        require(peak <= MEMORY_BYTES, f"the agent held {peak} bytes")
        require(client <= 2 * MEMORY_BYTES, f"the client held {client} bytes")


def restart(folder):
    """Another process is another session: nothing of the first one is recovered, and its streams do not open."""
    first, second = folder / "first", folder / "second"
    first.mkdir()
    second.mkdir()
    with Machine(first, upload_bytes=1000) as machine:
        machine.lock()
        machine.seal_a_submission()
        sealed = machine.folder / "sealed"
    with Machine(second, keys=first / "simulation.keys", participant=first, upload_bytes=1000) as machine:
        require(status(machine)["stage"] == "awaitingManifest", "a restart recovered a session")
        machine.command("lock", machine.url, *machine.sender())
        stale = machine.attempt("submit", machine.url, *machine.sender(), "--stream", sealed)
        require(
            stale.returncode == 1 and "sealing.open" in stale.stderr, f"an old stream was not refused: {stale.stderr}"
        )
        require("attest again" in stale.stderr, f"the client is not told what to do: {stale.stderr}")
        again = machine.attempt("submit", machine.url, *machine.sender(), "--data", f"patients-a={first / 'content'}")
        require(
            again.returncode == 1 and "ledger.session" in again.stderr,
            f"the ledger let a second session pass: {again.stderr}",
        )


def main():
    for scenario in (killed_worker, killed_client, large_submission, restart):
        with tempfile.TemporaryDirectory(dir="/dev/shm") as name:
            scenario(pathlib.Path(name))
        print(f"  withstood: {scenario.__name__.replace('_', ' ')}")


if __name__ == "__main__":
    main()
