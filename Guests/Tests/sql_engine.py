"""The runtime `sql` in the bare engine, compiled once: files in memory go in, and come out.

A `2cvm run` compiles it anew for each run. Tests of what only a run has, as walls and time limits, are in
test_sql_run.py.
"""

import csv
import io
import pathlib
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PYTHON = ROOT / ".deps" / "python"
PART = 1 << 20

if PYTHON.is_dir():
    sys.path.insert(0, str(PYTHON))
    import wasmtime
    from wasmtime import component


def build(*folder):
    """The component's path. It is built unless it is there, and every test of it skipped where a tool is missing."""
    done = subprocess.run([ROOT / "scripts" / "runtimes", *folder], capture_output=True, text=True, check=False)
    if done.returncode == 3:
        raise unittest.SkipTest(done.stderr.splitlines()[0])
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return ROOT / done.stdout.strip()


class Ended:
    """How a run ended: `ok`, `error` or `trap`; its outputs by path; the lines of its log."""

    def __init__(self, ending, outputs, log):
        self.ending, self.outputs, self.log = ending, outputs, log

    def rows(self, name="q"):
        """A result as lists of text, the header first."""
        return list(csv.reader(io.StringIO(self.outputs[f"/output/{name}.csv"].decode(), newline="")))


class Runtime:
    """The compiled component."""

    def __init__(self, path):
        config = wasmtime.Config()
        config.wasm_component_model = True
        self.engine = wasmtime.Engine(config)
        self.component = component.Component(self.engine, path.read_bytes())

    def run(self, files, memory=256 << 20):
        """One run over `files`, by path, with a memory of so many bytes at most."""
        store = wasmtime.Store(self.engine)
        store.set_limits(memory_size=memory)
        outputs, log = {}, []

        def read_part(_, path, offset, count):
            if path not in files:
                return "no-entry"
            return files[path][offset : offset + min(count, PART)]

        def names(_, path):
            found = sorted(file[len(path) + 1 :] for file in files if file.startswith(path + "/"))
            return found if found else "no-entry"

        def write(_, path, content):
            outputs[path] = bytes(content)

        linker = component.Linker(self.engine)
        with linker.root() as root, root.add_instance("twocvm:guest/files") as instance:
            instance.add_func("read-part", read_part)
            instance.add_func("list", names)
            instance.add_func("write", write)
            instance.add_func("log", lambda _, line: log.append(line))
        made = linker.instantiate(store, self.component)
        place = made.get_export_index(store, "run", made.get_export_index(store, "wasi:cli/run@0.2.12"))
        try:
            ending = {"ok": "ok", "err": "error"}[made.get_func(store, place)(store).tag]
        except wasmtime.WasmtimeError as error:
            ending, log = "trap", log + [str(error)]
        return Ended(ending, outputs, log)

    def query(self, sql, memory=256 << 20, **tables):
        """One query over tables: `t="x\\n1\\n"` is /data/t.csv."""
        files = {f"/data/{name}.csv": encoded(text) for name, text in tables.items()}
        return self.run(files | {"/code/q.sql": encoded(sql)}, memory)


def encoded(text):
    return text if isinstance(text, bytes) else text.encode()
