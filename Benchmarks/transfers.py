"""What crosses between two participants' components in one composition: a table by type and size."""

import statistics

from workshop import GUESTS, component, manifest

ROUNDS = 5
# Flattened into a call's arguments; everything else is copied from one memory into the other. Only the result of
# `variant, result` lies in memory.
SCALARS = {"u32": 4, "record": 20, "variant, result": 16}


def figures(workshop):
    """Picoseconds of each call, as the caller timed them on the real clock: medians."""
    document = manifest(
        workshop.participant,
        "caller",
        [
            component("caller", ["twocvm:guest/files", "wasi:clocks/monotonic-clock"], clock="real"),
            component("callee", []),
        ],
        channels=[
            {
                "link": "twocvm:benchmarks/store",
                "importer": "caller",
                "exporter": "callee",
                "export": "twocvm:benchmarks/store",
            }
        ],
    )
    rounds = [
        workshop.figures(
            document, "--component", f"caller={GUESTS}/caller.wasm", "--component", f"callee={GUESTS}/callee.wasm"
        )[0]
        for _ in range(ROUNDS)
    ]
    return {key: statistics.median(figures[key] for figures in rounds) for key in rounds[0]}


def size_text(size):
    if size < 2000:
        return f"{size} B"
    return f"{size / 1024:.0f} KiB" if size < 1_000_000 else f"{size / (1 << 20):.0f} MiB"


def duration(picoseconds):
    if picoseconds < 1e6:
        return f"{picoseconds / 1e3:.1f} ns"
    return f"{picoseconds / 1e6:,.1f} µs" if picoseconds < 1e9 else f"{picoseconds / 1e9:.2f} ms"


def rate(size, picoseconds):
    return f"{size / picoseconds * 1e3:.1f} GB/s"


def table(workshop):
    times = figures(workshop)
    lines = ["| type | size | a call | rate | the caller's copy of as much to itself |", "|---|---|---|---|---|"]
    for name, size in SCALARS.items():
        verdict = "kept" if times[name] <= 15_000 else "missed"
        lines.append(f"| {name} | {size} B | {duration(times[name])}, at most 15 ns: {verdict} | – | – |")
    for key, time in times.items():
        if "/" not in key or key.startswith("copy/"):
            continue
        name, size = key.rsplit("/", 1)
        copy = times[f"copy/{size}"]
        lines.append(
            f"| {name} | {size_text(int(size))} | {duration(time)} | {rate(int(size), time)} | "
            f"{rate(int(size), copy)} |"
        )
    return lines
