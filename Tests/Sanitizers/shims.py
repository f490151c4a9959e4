"""The shims in C, between a guest and a host that do what libFuzzer says."""

import re
import subprocess

import faults
from common import (
    CHECKS,
    COMMON,
    HARNESS,
    OPTIONS,
    OUT,
    ROOT,
    Failed,
    changed,
    clang,
    found,
    note,
    processor_seconds,
    run,
)

# A shim's sources, and the names of its functions that the harness has too.
SHIMS = {
    "attenuator": (["heap", "folders", "descriptors", "listings", "surroundings", "files"], ["engine"], []),
    "determinist": (["heap", "time", "waiting", "chance"], [], ["-Dnative_drop=native_drop_pollable"]),
}
RAW = [
    f"-D{name}=raw_{short}"
    for name, short in [
        ("reallocate", "reallocate"),
        ("heap_take", "take"),
        ("heap_end", "end"),
        ("heap_clear", "clear"),
    ]
]
# Where the shims' heap begins: 32 bits say it.
HEAP = 0x20000000


def shims(seconds):
    findings = []
    for name in SHIMS:
        program = build_shim(name)
        corpus = OUT / "corpus" / name
        corpus.mkdir(parents=True, exist_ok=True)
        began = processor_seconds()
        log = fuzz(program, corpus, f"-max_total_time={seconds}", f"-artifact_prefix={OUT}/finding-{name}-")
        used = processor_seconds() - began
        executed = re.search(r"stat::number_of_executed_units:\s+(\d+)", log)
        steps = re.findall(r"#(\d+)\s.*?cov: (\d+) ft: \d+ corp: (\d+)", log)
        figures = {"executions": int(executed[1]), "seconds": used, "findings": 0}
        if steps:
            figures |= {"edges": int(steps[-1][1]), "inputs": int(steps[-1][2])}
        if finding := found(log):
            findings.append(f"{name}: {finding}")
            figures["findings"] = 1
            print(log[-4000:])
        note("shims", name, **figures)
        rate = figures["executions"] / max(used, 1)
        print(
            f"{name:12} {figures['executions']:>10,} executions, {rate:>8,.0f} a second, "
            f"{figures.get('edges', 0):>5} edges",
            flush=True,
        )
    return findings


def build_shim(name, fault=None):
    """A program in which libFuzzer drives one shim. A fault is the text of one of its sources."""
    out, compiler, (parts, own, renamed) = OUT / name, clang(), SHIMS[name]
    out.mkdir(parents=True, exist_ok=True)
    flags = ["-std=c23", "-fno-pie", "-fsanitize=fuzzer-no-link", *CHECKS, *COMMON, f"-I{ROOT / 'Shims'}"]
    # Attributes of WebAssembly's, and addresses of 32 bits.
    wasm = [
        *("-include", HARNESS / "wasm.h", "-Wno-unknown-attributes", "-Wno-ignored-attributes", *renamed),
        *("-Wno-pointer-to-int-cast", "-Wno-int-to-pointer-cast"),
    ]
    jobs = {f"shim-{part}.o": [*wasm, "-ffreestanding", "-fno-builtin", ROOT / f"Shims/{part}.c"] for part in parts}
    jobs["shim-heap.o"] += RAW
    jobs |= {f"{part}.o": [*wasm, HARNESS / f"{part}.c"] for part in [*own, name]}
    jobs["world.o"] = [HARNESS / "world.c"]
    objects = [out / file for file in jobs]
    if fault:
        file, text = fault
        (out / file).write_text(text)
        object_ = f"shim-{file[:-2]}.o"
        objects = [item for item in objects if item.name != object_] + [out / f"shim-planted-{file[:-2]}.o"]
        jobs = {objects[-1].name: [*jobs[object_][:-1], "-w", out / file]}
    for file, words in jobs.items():
        run([compiler, *flags, *words, "-c", "-o", out / file])
    program = out / ("planted" if fault else name)
    linker = ["-fuse-ld=lld", "-no-pie", f"-Wl,--defsym=__heap_base={HEAP:#x}", f"-Wl,-T,{HARNESS / 'shims.ld'}"]
    run([compiler, "-fsanitize=fuzzer", *CHECKS, *linker, "-o", program, *objects])
    return program


def fuzz(program, corpus, *options):
    command = [
        program,
        corpus,
        "-max_len=2048",
        "-timeout=20",
        "-rss_limit_mb=2000",
        "-print_final_stats=1",
        "-reload=0",
    ]
    words = [str(part) for part in [*command, *options]]
    result = subprocess.run(words, capture_output=True, env={"PATH": "/usr/bin:/bin", **OPTIONS}, cwd=OUT)
    log = result.stderr.decode("utf-8", "replace")
    if result.returncode != 0 and not found(log):
        raise Failed(f"{program} ended with {result.returncode}:\n{log[-4000:]}")
    return log


def planted():
    """Each fault, in a copy of the sources. One that is not found is a finding: the check could not fail."""
    findings, built = [], set()
    for words, (name, file, old, new) in faults.SHIMS.items():
        if name not in built:
            build_shim(name)
            built.add(name)
        program = build_shim(name, (file, changed(ROOT / "Shims" / file, old, new, words)))
        corpus = OUT / "corpus" / name
        log = fuzz(program, corpus, "-runs=300000", "-max_total_time=60", "-seed=1", f"-artifact_prefix={OUT}/planted-")
        finding = found(log)
        print(f"planted: a shim that {words}: {finding or 'not found'}", flush=True)
        if not finding:
            findings.append(f"a shim that {words} was not found")
    note("planted", "faults", planted=len(faults.SHIMS), found=len(faults.SHIMS) - len(findings))
    return findings
