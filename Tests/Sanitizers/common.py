"""What the parts of scripts/sanitize share."""

import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
HARNESS = ROOT / "Tests" / "Sanitizers"
OUT = ROOT / ".build" / "sanitizers"
FIGURES = ROOT / ".build" / "campaign" / "sanitizers.json"

CHECKS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
COMMON = ["-g", "-O1", "-Wall", "-Wextra", "-Werror"]
# The environment of what is sanitized: a leak is a finding, and so is each report.
OPTIONS = {
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1",
    "UBSAN_OPTIONS": "print_stacktrace=1",
}
# How a program ends that ThreadSanitizer found a race in.
RACE = 66
SOAK = ROOT / "Tests" / "Soak"


class Failed(Exception):
    """Something is missing, or does not compile: no finding."""


def run(command, code=0, **options):
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True, cwd=ROOT, **options)
    if result.returncode != code:
        raise Failed(f"{command[0]} ended with {result.returncode}:\n{(result.stdout + result.stderr)[-4000:]}")
    return result


def processor_seconds():
    """What the processes that were waited for took: other load on the machine does not count."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def clang():
    """The toolchain's own, which has the sanitizers' libraries."""
    swiftc = shutil.which("swiftc")
    if not swiftc:
        raise Failed("swiftc is missing; install Swift 6.3 from swift.org and put it in PATH")
    paths = json.loads(run([swiftc, "-print-target-info"]).stdout)["paths"]
    return pathlib.Path(paths["runtimeResourcePath"]).parents[1] / "bin" / "clang"


def note(part, name, **figures):
    """Adds a run to the figures. What a name says of a state is replaced, what it counts is added."""
    known = json.loads(FIGURES.read_text()) if FIGURES.exists() else {}
    entry = known.setdefault(part, {}).setdefault(name, {})
    for key, value in figures.items():
        entry[key] = value if key in ("edges", "inputs", "planted", "found") else round(entry.get(key, 0) + value, 1)
    FIGURES.parent.mkdir(parents=True, exist_ok=True)
    FIGURES.write_text(json.dumps(known, indent=2, sort_keys=True) + "\n")


def found(log):
    """What a sanitizer, libFuzzer or a claim said first."""
    match = re.search(
        r"does not hold: .*|runtime error: .*|(?:ERROR|SUMMARY): AddressSanitizer: \S+|ERROR: libFuzzer: .*", log
    )
    return match[0] if match else None


def changed(source, old, new, words):
    """A source's text with a fault planted in it."""
    text = source.read_text()
    if text.count(old) != 1:
        raise Failed(f"{source.name} no longer has the place where a fault is planted that {words}")
    return text.replace(old, new)


def drive(name, command, programs, **environment):
    """Runs what calls the sanitized programs, and says how it ended."""
    began = time.monotonic()
    # Swift keeps some of its own for ever, which is no leak.
    options = {**OPTIONS, "ASAN_OPTIONS": OPTIONS["ASAN_OPTIONS"] + ":detect_leaks=0", **environment}
    command = [str(word) for word in command]
    result = subprocess.run(
        command,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **options, "TWOCVM_PROGRAMS": str(programs)},
    )
    seconds = time.monotonic() - began
    (OUT / f"{name}.log").write_text(result.stdout + result.stderr)
    print(f"{name.replace('-', ': ', 1)} ended with {result.returncode} after {seconds:.0f} s", flush=True)
    return result, seconds
