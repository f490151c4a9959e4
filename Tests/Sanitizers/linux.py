"""The C that talks to Linux and to the engine, linked into what was built."""

import json
import pathlib
import shutil

import faults
from common import CHECKS, COMMON, HARNESS, OUT, RACE, ROOT, SOAK, Failed, changed, clang, drive, found, note, run

# C that Swift calls, and what is linked with it anew.
MODULES = ["CPlatform", "CBoot", "CSEVGuest", "CTrial", "CWasmtime"]
HEADERS = [f"-I{ROOT / 'Sources' / module / 'include'}" for module in MODULES]
BUNDLE = "2cvmPackageTests.xctest"
PARENTS = ["2cvm", "2cvm-agent-simulated", BUNDLE]
REPORTING = tuple(CHECKS)
# Behind its walls a process has no memory for a sanitizer's own, and no system call but its own: these end by a signal
# at what UndefinedBehaviorSanitizer would report, and that is all.
WALLED = ["2cvm-worker", "2cvm-gate", "wall-probe"]
TRAPPING = ("-fsanitize=undefined", "-fsanitize-trap=undefined")
SUITES = "PlatformTests|BootTests|SEVGuestTests|WasmtimeTests|WorkerTests|ExecutionTests"


def linux():
    """Tests of the C that talks to Linux and to the engine, and an agent under load that is made of it."""
    folder, commands = OUT / "linux", link_commands()
    folder.mkdir(parents=True, exist_ok=True)
    objects = {checks: compile_modules(folder, checks) for checks in (REPORTING, TRAPPING)}
    for name in [*PARENTS, *WALLED]:
        if name in commands or name != BUNDLE:
            link(commands, name, folder, objects)
    drives = {
        "withstand": ["python3", "-B", SOAK / "withstand.py"],
        "soak": ["python3", "-B", SOAK / "soak.py", "--seconds", "5"],
    }
    if BUNDLE in commands:
        drives["tests"] = [folder / BUNDLE, "--testing-library", "swift-testing", "--filter", SUITES]
    findings = []
    for name, command in drives.items():
        result, seconds = drive(f"linux-{name}", command, folder)
        note("linux", name, runs=1, seconds=seconds, findings=int(result.returncode != 0))
        if result.returncode:
            log = result.stdout + result.stderr
            findings.append(f"linux: {name}: {found(log) or log[-2000:]}")
    return findings + interrupts(folder) + planted_linux(folder, commands, objects)


def interrupts(folder):
    """Signals that one thread takes while another changes where they go, under ThreadSanitizer; then with a fault."""
    words, file, old, new = faults.INTERRUPTS
    source = ROOT / "Sources" / file
    result, seconds = interrupted(folder, source)
    note("linux", "interrupts", runs=1, seconds=seconds, findings=int(result.returncode != 0))
    findings = [f"linux: interrupts: {result.stderr[:4000]}"] if result.returncode else []
    (folder / source.name).write_text(changed(source, old, new, words))
    # The sanitizer sees a race only where both sides come at once.
    is_found = any(interrupted(folder, folder / source.name)[0].returncode == RACE for _ in range(5))
    print(f"planted: a program that {words}: {'a race' if is_found else 'not found'}", flush=True)
    note("planted", "interrupts", planted=1, found=int(is_found))
    return findings if is_found else [*findings, f"a program that {words} was not found"]


def interrupted(folder, spawn):
    program, platform = folder / "interrupts", ROOT / "Sources/CPlatform"
    sources = [spawn, platform / "Files.c", platform / "Walls.c", HARNESS / "interrupts.c"]
    # What the sanitizer's library is linked with in Swift's toolchain.
    library = clang().parents[1] / "lib/swift/linux"
    linker = ["-fuse-ld=lld", f"-L{library}", f"-Wl,-rpath,{library}", "-ldispatch", "-lBlocksRuntime", "-lpthread"]
    run([clang(), "-fsanitize=thread", *COMMON, *HEADERS, *sources, "-o", program, *linker])
    return drive("linux-interrupts", [program], folder, TSAN_OPTIONS=f"halt_on_error=1:exitcode={RACE}")


def planted_linux(folder, commands, objects):
    """Each fault in one program, among the others as they are."""
    # As deep as the other, since the worker looks for the engine from where it is.
    findings, place = [], OUT / "linux-planted"
    for words, (program, file, old, new) in faults.LINUX.items():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        for name in PARENTS[:2] + WALLED:
            shutil.copy(folder / name, place / name)
        checks, source = checks_of(program), ROOT / "Sources" / file
        (place / source.name).write_text(changed(source, old, new, words))
        compile_source(place / source.name, place / "planted.o", checks, "-w")
        name = f"{source.parent.name}.build/{source.name}.o"
        link(commands, program, place, {checks: objects[checks] | {name: place / "planted.o"}})
        result, _ = drive(f"linux-planted-{program}", ["python3", "-B", SOAK / "soak.py", "--seconds", "1"], place)
        # Behind its walls a program has no words.
        finding = found(result.stderr) if checks == REPORTING else result.returncode and "a run that failed"
        print(f"planted: a program that {words}: {finding or 'not found'}", flush=True)
        if not finding:
            findings.append(f"a program that {words} was not found")
    note("planted", "linux", planted=len(faults.LINUX), found=len(faults.LINUX) - len(findings))
    return findings


def checks_of(program):
    return TRAPPING if program in WALLED else REPORTING


def compile_modules(out, checks):
    """An object for each source of the modules, by the name that the build has for it."""
    objects = {}
    for module in MODULES:
        for source in sorted((ROOT / "Sources" / module).glob("*.c")):
            target = out / f"{module}-{source.stem}-{'trapping' if checks == TRAPPING else 'reporting'}.o"
            compile_source(source, target, checks)
            objects[f"{module}.build/{source.name}.o"] = target
    return objects


def compile_source(source, target, checks, *more):
    flags = [*checks, *COMMON, "-Wno-missing-field-initializers", *more, "-fPIC", *HEADERS]
    run([clang(), *flags, "-c", source, "-o", target])


def link_commands():
    """How the build linked its programs."""
    plan, commands = ROOT / ".build/release.yaml", {}
    if not plan.exists():
        raise Failed("there is nothing built to link with; run `make build` first")
    for line in plan.read_text().splitlines():
        if line.startswith("    args: [") and '"-emit-executable"' in line:
            words = json.loads(line.removeprefix("    args: "))
            target = pathlib.Path(words[words.index("-o") + 1])
            objects = next((word[1:] for word in words if word.startswith("@")), "")
            if target.exists() and pathlib.Path(objects).exists():
                commands[target.name] = words
    return commands


def link(commands, name, folder, objects):
    """Links a program as the build did, but for some of its objects."""
    if name not in commands:
        raise Failed(f"{name} is not built; run `make build` first")
    words, instead = list(commands[name]), objects[checks_of(name)]
    place = next(index for index, word in enumerate(words) if word.startswith("@"))
    lines = pathlib.Path(words[place][1:]).read_text().splitlines()
    replaced = [str(instead.get("/".join(line.strip("'").split("/")[-2:]), line)) for line in lines]
    if replaced == lines:
        raise Failed(f"{name} has none of the C that is to be sanitized")
    listed = folder / f"{name}.objects"
    listed.write_text("\n".join(replaced) + "\n")
    words[place] = f"@{listed}"
    words[words.index("-o") + 1] = str(folder / name)
    # The library of AddressSanitizer reports for the other one as well.
    run(words if name in WALLED else [*words, "-sanitize=address"])
