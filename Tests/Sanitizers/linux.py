"""The C that talks to Linux and to the engine, linked into what was built."""

import json
import pathlib
import shutil

import faults
from common import CHECKS, COMMON, OUT, ROOT, SOAK, Failed, changed, clang, drive, found, note, run

# C that Swift calls, and what is linked with it anew.
MODULES = ["CPlatform", "CBoot", "CSEVGuest", "CTrial", "CWasmtime"]
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
    return findings + planted_linux(folder, commands, objects)


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
    headers = [f"-I{ROOT / 'Sources' / module / 'include'}" for module in MODULES]
    run(
        [
            clang(),
            *checks,
            *COMMON,
            "-Wno-missing-field-initializers",
            *more,
            "-fPIC",
            *headers,
            "-c",
            source,
            "-o",
            target,
        ]
    )


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
