"""Composing and compiling, by the size of the code: a table. The larger components are made up, from a fixed seed."""

import hashlib
import json
import os
import pathlib
import random
import shutil
import statistics
import subprocess
import tempfile

from workshop import BUILT, GUESTS, ROOT, manifest, run, timed

ROUNDS = 3
# The first is about what the example's `regression` has.
SIZES = (72 << 10, 1 << 20, 4 << 20, 16 << 20)
# Of this there is next to nothing to compile: what is left is the worker's start.
SMALLEST = 1 << 10
WASM_TOOLS = ROOT / ".deps/bin/wasm-tools"


def leb(value):
    encoded = bytearray()
    while True:
        byte, value = value & 0x7F, value >> 7
        encoded.append(byte | (0x80 if value else 0))
        if not value:
            return bytes(encoded)


def signed_leb(value):
    encoded = bytearray()
    while True:
        byte, value = value & 0x7F, value >> 7
        done = (value == 0 and not byte & 0x40) or (value == -1 and byte & 0x40)
        encoded.append(byte | (0 if done else 0x80))
        if done:
            return bytes(encoded)


def section(number, content):
    return bytes([number]) + leb(len(content)) + content


class Function:
    """A body of what compilers emit: arithmetic, loads and stores, branches, loops and calls, over five locals."""

    def __init__(self, draw, index):
        self.draw, self.index = draw, index
        statements = b"".join(self.statement(2) for _ in range(draw.randint(8, 40)))
        body = b"\x01\x04\x7f" + statements + b"\x20\x02\x0b"
        self.encoded = leb(len(body)) + body

    def local(self):
        return bytes([self.draw.randrange(6)])

    def get(self):
        return b"\x20" + self.local()

    def put(self):
        return b"\x21" + self.local()

    def constant(self):
        return b"\x41" + signed_leb(self.draw.randrange(-(1 << 20), 1 << 20))

    def address(self):
        return self.get() + b"\x41" + signed_leb(0xFFFC) + b"\x71"

    def arithmetic(self):
        operation = self.draw.choice(b"\x6a\x6b\x6c\x71\x72\x73\x74\x76\x77")
        return self.get() + self.draw.choice([self.get, self.constant])() + bytes([operation]) + self.put()

    def load(self):
        return self.address() + b"\x28\x02" + leb(self.draw.randrange(4096) * 4) + self.put()

    def store(self):
        return self.address() + self.get() + b"\x36\x02" + leb(self.draw.randrange(4096) * 4)

    def choice(self, depth):
        comparison = bytes([self.draw.choice(b"\x46\x47\x48\x49\x4c\x4e")])
        return (
            self.get()
            + self.constant()
            + comparison
            + b"\x04\x40"
            + self.statement(depth - 1)
            + b"\x05"
            + self.statement(depth - 1)
            + b"\x0b"
        )

    def loop(self, depth):
        return b"\x03\x40" + self.statement(depth - 1) + b"\x20\x01\x41\x01\x6b\x22\x01\x0d\x00\x0b"

    def call(self):
        if self.index == 0:
            return self.arithmetic()
        return self.get() + self.get() + b"\x10" + leb(self.draw.randrange(self.index)) + self.put()

    def statement(self, depth):
        kinds = [self.arithmetic] * 5 + [self.load] * 3 + [self.store] * 2 + [self.call]
        if depth > 0:
            kinds += [lambda: self.choice(depth), lambda: self.loop(depth)]
        return self.draw.choice(kinds)()


def core_module(byte_count):
    """Code of this size, reached from nowhere, and a command that does nothing."""
    draw = random.Random(byte_count)
    functions, size = [], 0
    while size < byte_count:
        functions.append(Function(draw, len(functions)).encoded)
        size += len(functions[-1])
    count = len(functions)
    functions.append(b"\x04\x00\x41\x00\x0b")  # i32.const 0: the command's `ok`
    name = b"wasi:cli/run@0.2.12#run"
    exports = leb(2) + leb(6) + b"memory\x02\x00" + leb(len(name)) + name + b"\x00" + leb(count)
    types = b"\x02\x60\x02\x7f\x7f\x01\x7f\x60\x00\x01\x7f"
    return (
        b"\0asm\x01\0\0\0"
        + section(1, types)
        + section(3, leb(count + 1) + b"\0" * count + b"\x01")
        + section(5, b"\x01\0\x02")
        + section(7, exports)
        + section(10, leb(count + 1) + b"".join(functions))
    )


def make(byte_count, file):
    """A component that runs, and has code of this size."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        shutil.copytree(ROOT / "Benchmarks/wit", folder / "wit")
        shutil.copytree(ROOT / "Shims/wit/deps", folder / "wit/deps")
        (folder / "core").write_bytes(core_module(byte_count))
        subprocess.run(
            [
                WASM_TOOLS,
                "component",
                "embed",
                folder / "wit",
                "--world",
                "idle",
                folder / "core",
                "-o",
                folder / "embedded",
            ],
            check=True,
        )
        subprocess.run([WASM_TOOLS, "component", "new", folder / "embedded", "-o", file], check=True)
    return file


def engine_times(file, processors):
    """Nanoseconds of compiling by the bare engine, in a process that may use these processors."""
    done = subprocess.run(
        [BUILT / "compute-benchmark", "compile", file, str(ROUNDS)],
        capture_output=True,
        text=True,
        check=True,
        preexec_fn=lambda: os.sched_setaffinity(0, processors),
    )
    return json.loads(done.stdout)


def rehearsals(workshop, file, count):
    """What `2cvm run` says of its microseconds, each time."""
    entry = {
        "name": "code",
        "provider": "bench",
        "digest": "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest(),
        "maximumBytes": file.stat().st_size,
        "imports": [],
        "memoryMiB": 64,
    }
    document = manifest(workshop.participant, "code", [entry], releases=False)
    draft = workshop.folder / "compiled.json"
    draft.write_text(json.dumps(document))
    told = []
    for number in range(count):
        output = workshop.folder / f"{file.stem}-{number}"
        said = run("run", draft, "--component", f"code={file}", "--output", output, "--json")
        told.append(json.loads(said)["microseconds"])
    return told


def composed(workshop, file):
    """Microseconds of composing and compiling: medians."""
    told = rehearsals(workshop, file, ROUNDS)
    return {key: statistics.median(spent[key] for spent in told) for key in ("compose", "compile")}


def worker_starts(workshop, count):
    """Milliseconds of the worker from its start until it has compiled next to nothing, and of a bare engine's process.

    `2cvm run` counts all of it as compiling: libraries, walls, engine.
    """
    file = make(SMALLEST, workshop.folder / "smallest.wasm")
    alone = [timed(BUILT / "compute-benchmark", "compile", file, "1")[0] * 1e3 for _ in range(count)]
    return [spent["compile"] / 1e3 for spent in rehearsals(workshop, file, count)], alone


def table(workshop):
    processors = sorted(os.sched_getaffinity(0))
    tiny = timed(BUILT / "compute-benchmark", "compile", GUESTS / "callee.wasm", "1")[1]
    lines = [
        "| code | composing | compiling, with the worker's start | bare engine, 1 processor | "
        f"bare engine, {len(processors)} processors | its memory | … for each byte |",
        "|---" * 7 + "|",
    ]
    for size in SIZES:
        file = make(size, workshop.folder / f"code-{size}.wasm")
        alone, all_ = (statistics.median(engine_times(file, chosen)) for chosen in (processors[:1], processors))
        memory = timed(BUILT / "compute-benchmark", "compile", file, "1")[1] - tiny - file.stat().st_size
        ours = composed(workshop, file)
        cells = [f"{size >> 20} MiB" if size >= 1 << 20 else f"{size >> 10} KiB", f"{ours['compose'] / 1e3:,.1f} ms"]
        cells += [duration(milliseconds) for milliseconds in (ours["compile"] / 1e3, alone / 1e6, all_ / 1e6)]
        # Of little code it is mostly what does not grow with the code.
        cells += [f"{memory >> 20} MiB", f"{memory / size:.0f} B" if size >= 1 << 20 else "–"]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def duration(milliseconds):
    return f"{milliseconds:.0f} ms" if milliseconds < 1000 else f"{milliseconds / 1000:.2f} s"
