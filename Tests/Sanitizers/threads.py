"""The concurrent programs in Swift, under ThreadSanitizer."""

import os
import shutil
import subprocess
import time

from common import COMMON, HARNESS, OUT, RACE, ROOT, SOAK, Failed, clang, drive, note, run

# What serves several at once. The worker and the gate have one thread of our own, and no memory for a sanitizer's.
THREADED = ["2cvm-agent-simulated", "2cvm-monitor", "2cvm"]
SCRATCH = ROOT / ".build-tsan"


def threads():
    """The concurrent programs under ThreadSanitizer, which reports a race and ends the program."""
    folder = OUT / "threads"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    environment = thread_options(folder)
    if findings := planted_race(folder, environment):
        return findings
    build_threaded(folder)
    python, unittest = ["python3", "-B"], ["-m", "unittest", "discover", "--start-directory"]
    drives = {
        "withstand": [*python, SOAK / "withstand.py"],
        "soak": [*python, SOAK / "soak.py", "--seconds", "20"],
        "sealed": [*python, *unittest, "Tests/Models", "--pattern", "test_sealed_compositions.py"],
        "monitor": [*python, *unittest, "Tests/Pages", "--pattern", "test_monitor.py", "-k", "Door", "-k", "End"],
    }
    for name, command in drives.items():
        result, seconds = drive(f"threads-{name}", command, folder, **environment)
        reports = sorted(folder.glob("report.*"))
        note("threads", name, runs=1, seconds=seconds, findings=len(reports))
        for report in reports:
            print(report.read_text(errors="replace")[:8000])
            findings.append(f"threads: {name}: {report.name}")
            report.rename(folder / f"{name}-{report.name}")
        if result.returncode and not reports:
            findings.append(
                f"threads: {name} ended with {result.returncode}: {(result.stdout + result.stderr)[-2000:]}"
            )
    return findings


def thread_options(folder):
    told = folder / "told.so"
    run([clang(), "-shared", "-fPIC", *COMMON, HARNESS / "told.c", "-o", told, "-ldl"])
    words = ["halt_on_error=1", f"exitcode={RACE}", f"log_path={folder / 'report'}"]
    return {"TSAN_OPTIONS": ":".join(words), "LD_PRELOAD": str(told), "SWIFT_BACKTRACE": "enable=no"}


def planted_race(folder, environment):
    """Threads that add to one number must be found, and those that a mutex or a continuation keeps apart must not."""
    program = folder / "race"
    run(["swiftc", "-O", "-parse-as-library", "-sanitize=thread", HARNESS / "Race.swift", "-o", program])
    ended = {}
    for between in ["none", "mutex"]:
        result = subprocess.run([program, between], capture_output=True, env={**os.environ, **environment})
        reports = list(folder.glob("report.*"))
        ended[between] = (result.returncode, len(reports))
        for report in reports:
            report.unlink()
    is_found = ended["none"] == (RACE, 1)
    print(f"planted: threads that add to one number: {'found' if is_found else 'not found'}", flush=True)
    note("planted", "threads", planted=1, found=int(is_found))
    findings = [] if is_found else ["threads that add to one number were not found"]
    if ended["mutex"] != (0, 0):
        findings.append("threads that a mutex or a continuation keeps apart are reported: Tests/Sanitizers/told.c")
    return findings


def build_threaded(folder):
    """The programs, beside those that no sanitizer watches."""
    if not SCRATCH.exists():
        SCRATCH.mkdir()
        # What `make build` fetched is not fetched again.
        for name in ["checkouts", "repositories", "artifacts", "workspace-state.json"]:
            subprocess.run(["cp", "-a", "--reflink=auto", "-t", SCRATCH, ROOT / ".build" / name], check=True)
    began = time.monotonic()
    for name in THREADED:
        run(["swift", "build", "-c", "release", "--sanitize=thread", "--scratch-path", SCRATCH, "--product", name])
        program = SCRATCH / "release" / name
        if b"__tsan_write8" not in program.read_bytes():
            raise Failed(f"{name} was not compiled with ThreadSanitizer")
        shutil.copy(program, folder / name)
    seconds = time.monotonic() - began
    print(f"threads: built in {seconds:.0f} s", flush=True)
    for name in ["2cvm-worker", "2cvm-gate"]:
        shutil.copy(ROOT / ".build/release" / name, folder / name)
