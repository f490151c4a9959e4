"""The runtime `python` behind the walls of a real run: what a script finds, and what a hostile one does not.

Needs `make build` and scripts/python-runtime; compiles the runtime once for this machine, which takes some minutes.
"""

import base64
import io
import json
import marshal
import tempfile
import unittest
import zipfile

from python_runtime import PACKAGE, STORE, NeedsRuntime, Scene, command

WRITE = "open('/output/out', 'w').write(str({}))\n"


class Runs(NeedsRuntime):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.scene = Scene(folder.name)

    def writes(self, script):
        """What a script that ends well wrote."""
        status, said, result = self.scene.run(script)
        self.assertEqual(status, 0, said)
        return result

    def fails(self, script, *words):
        """What was said of a script that fails; nothing of it is left."""
        status, said, result = self.scene.run(script)
        self.assertEqual((status, result), (4, None), said)
        for word in words:
            self.assertIn(word, said)
        return said


class Scripts(Runs):
    def test_group_by_over_two_hundred_thousand_rows(self):
        rows = "".join(f"{'ns'[index % 2]},{index}\n" for index in range(200_000))
        self.scene.mount("rows", "/data/rows.csv", "region,x\n" + rows)
        script = (
            "import pandas as pd\n"
            "pd.read_csv('/data/rows.csv').groupby('region').x.agg(['count', 'sum']).to_csv('/output/out')\n"
        )
        self.assertEqual(self.writes(script), "region,count,sum\nn,100000,9999900000\ns,100000,10000000000\n")

    def test_arguments_name_and_a_folder_for_temporary_files(self):
        self.scene.component(arguments=["--site", "a b"], temporaryMiB=4)
        script = "import sys, tempfile\nwith tempfile.TemporaryFile() as file: file.write(b'x')\n" + WRITE.format(
            "(sys.argv, __name__, __file__, sys.orig_argv[0], 'run' in globals())"
        )
        expected = "(['/code/main.py', '--site', 'a b'], '__main__', '/code/main.py', 'python', False)"
        self.assertEqual(self.writes(script), expected)

    def test_scipy_scikit_learn_and_statsmodels_compute(self):
        script = (
            "import numpy as np\n"
            "from scipy import optimize\n"
            "from sklearn.linear_model import LinearRegression\n"
            "import statsmodels.api as sm\n"
            "x = np.arange(10.0); y = 2 * x + 1\n"
            "a = optimize.curve_fit(lambda t, k, b: k * t + b, x, y)[0][0]\n"
            "b = LinearRegression().fit(x.reshape(-1, 1), y).coef_[0]\n"
            "c = sm.OLS(y, sm.add_constant(x)).fit().params[1]\n" + WRITE.format("[round(v, 6) for v in (a, b, c)]")
        )
        self.assertIn("[2.0, 2.0, 2.0]", self.writes(script).replace("np.float64(2.0)", "2.0"))

    def test_matplotlib_draws_with_its_data_beside_it(self):
        self.scene.component(temporaryMiB=16)
        script = (
            "import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt\n"
            "figure, axes = plt.subplots(); axes.plot([1, 2]); axes.set_title('two'); figure.savefig('/tmp/a.png')\n"
            + WRITE.format("open('/tmp/a.png', 'rb').read(4)")
        )
        self.assertEqual(self.writes(script), r"b'\x89PNG'")

    def test_a_traceback_names_the_scripts_own_lines_and_the_run_fails(self):
        said = self.fails("def broken():\n    raise ValueError('column age')\nbroken()\n", "run.declined")
        for line in [
            'File "/code/main.py", line 3, in <module>',
            "raise ValueError('column age')",
            "ValueError: column",
        ]:
            self.assertIn(line, said)
        self.assertNotIn("in run", said)

    def test_an_exit_status_other_than_zero_fails_the_run(self):
        for ending in ["import sys; sys.exit(3)", "import sys; sys.exit('no rows')", "import os; os._exit(7)"]:
            with self.subTest(ending), tempfile.TemporaryDirectory() as folder:
                self.scene = Scene(folder)
                self.fails(WRITE.format(1) + ending)
        for ending in ["import sys; sys.exit()", "import sys; sys.exit(0)"]:
            with self.subTest(ending), tempfile.TemporaryDirectory() as folder:
                self.scene = Scene(folder)
                self.assertEqual(self.writes(WRITE.format(1) + ending), "1")

    def test_the_same_script_writes_the_same_bytes_again(self):
        script = "import random, time, uuid, numpy as np\n" + WRITE.format(
            "(random.random(), time.time(), uuid.uuid4(), np.random.default_rng().random(), hash('a'))"
        )
        first = self.writes(script)
        words = ["--data", "script=script", "--output", "again"]
        self.assertEqual(command("run", "m.json", *words, folder=self.scene.folder).returncode, 0)
        self.assertEqual((self.scene.folder / "again" / "out").read_text(), first)

    def test_without_a_script_it_says_so(self):
        self.scene.mount("other", "/code/other.py", "print(1)\n")
        self.scene.manifest["channels"] = [
            entry for entry in self.scene.manifest["channels"] if entry.get("path") != "/code/main.py"
        ]
        self.scene.mount("script", "/data/script", "1\n")
        (self.scene.folder / "m.json").write_text(json.dumps(self.scene.manifest))
        words = ["--data", "other=other", "--data", "script=script", "--output", "results"]
        for name, content in self.scene.files.items():
            (self.scene.folder / name).write_bytes(content)
        done = command("run", "m.json", *words, folder=self.scene.folder)
        self.assertEqual(done.returncode, 4)
        self.assertIn("there is no script to run", done.stdout + done.stderr)


class Text(Runs):
    """What was shown is what runs."""

    def test_a_coding_line_changes_nothing(self):
        # Read as UTF-7 the comment would be a statement of its own.
        script = "# -*- coding: utf-7 -*-\n# +AAo-open('/output/out', 'w').write('hidden')\n" + WRITE.format("'shown'")
        self.assertEqual(self.writes(script), "shown")

    def test_a_traceback_shows_the_lines_as_they_ran(self):
        script = "# coding: utf-7\nraise ValueError  # +AGEAYgBj-\n"
        self.assertIn("+AGEAYgBj-", self.fails(script))

    def test_an_archive_bytecode_and_other_bytes_are_no_script(self):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("__main__.py", WRITE.format("'archive'"))
        bytecode = b"\xcb\r\r\n" + bytes(12) + marshal.dumps(compile("1", "a", "exec"))
        utf16 = WRITE.format("'utf-16'").encode("utf-16")
        others = [archive.getvalue(), bytecode, utf16, b"\xef\xbb\xbf" + WRITE.format(1).encode(), b"a = 1\0\n"]
        for content in others:
            with self.subTest(content[:8]), tempfile.TemporaryDirectory() as folder:
                self.scene = Scene(folder)
                self.fails(content)

    def test_no_file_beside_the_script_is_imported(self):
        self.scene.mount("helper", "/code/helper.py", WRITE.format("'helper'"))
        self.scene.mount("json", "/code/json.py", WRITE.format("'json'"))
        self.fails("import json\nimport helper\n", "No module named 'helper'")

    def test_a_pickle_in_place_of_data_is_the_scripts_own_choice_and_reaches_no_further(self):
        payload = b"cos\nsystem\n(S'echo out > /output/out'\ntR."
        self.scene.mount("model", "/data/model.pkl", payload)
        self.fails("import pickle\npickle.load(open('/data/model.pkl', 'rb'))\n")


class Hostile(Runs):
    """A script tries what it was not granted."""

    def refused(self, *attempts):
        """Each attempt raises; the script goes on, and the run ends well."""
        lines = ["import os, sys, socket, subprocess, threading", "told = []"]
        for attempt in attempts:
            encoded = base64.b64encode(attempt.encode()).decode()
            lines += [
                "try:",
                f"    exec(__import__('base64').b64decode('{encoded}').decode())",
                "    told.append('done')",
                "except BaseException as error:",
                "    told.append(type(error).__name__)",
            ]
        lines.append(WRITE.format("'\\n'.join(told)"))
        told = self.writes("\n".join(lines)).split("\n")
        for attempt, outcome in zip(attempts, told, strict=True):
            self.assertNotEqual(outcome, "done", attempt)

    def test_no_other_file_is_reached(self):
        self.refused(
            "open('/etc/passwd').read()",
            "open('/data/../../../etc/passwd').read()",
            "open('/code/../in/other/data').read()",
            "os.listdir('/proc')",
            "os.listdir('/')",
            "open('/usr/local/lib/python315.zip', 'r+b').write(b'x')",
            "open('/usr/local/lib/site/new.py', 'w')",
            "open('/code/main.py', 'w')",
            "os.symlink('/etc/passwd', '/output/link')",
            "os.link('/code/main.py', '/output/link')",
            "open('/tmp/a', 'w')",
            "os.mkdir('/output/../new')",
        )

    def test_no_socket_process_thread_or_foreign_code_is_reached(self):
        self.refused(
            "socket.socket().connect(('127.0.0.1', 80))",
            "socket.create_server(('', 8080))",
            "socket.getaddrinfo('example.org', 80)",
            "import urllib.request; urllib.request.urlopen('http://example.org')",
            "import ctypes; ctypes.CDLL(None).system(b'true')",
            "import ctypes; ctypes.string_at(0)",
            "os.fork()",
            "os.execv('/bin/true', ['true'])",
            "os.posix_spawn('/bin/true', ['true'], {})",
            "subprocess.run(['true'])",
            "threading.Thread(target=print).start()",
            "import multiprocessing; multiprocessing.Process(target=print).start()",
            "os.kill(1, 9)",
            "import host; host.call('anything')",
        )

    def test_the_environment_is_empty_and_the_clock_is_not_the_machines(self):
        script = "import os, time\n" + WRITE.format("(dict(os.environ), time.gmtime().tm_year, os.getcwd())")
        self.assertEqual(self.writes(script), "({}, 2000, '/')")

    def test_memory_ends_where_the_manifest_says(self):
        self.scene.component(memoryMiB=128)
        script = (
            "held = []\ntry:\n    while True: held.append(bytes(1 << 20))\nexcept MemoryError:\n    count = len(held)\n"
            "del held\n" + WRITE.format("20 < count < 128")
        )
        self.assertEqual(self.writes(script), "True")

    def test_a_runtime_with_too_little_memory_does_not_start(self):
        self.scene.component(memoryMiB=16)
        status, said, result = self.scene.run("1\n")
        self.assertEqual((status, result), (1, None), said)
        self.assertIn("admission.memory", said)
        with tempfile.TemporaryDirectory() as folder:
            self.scene = Scene(folder)
            self.scene.component(memoryMiB=64)
            self.fails("import pandas, sklearn, statsmodels.api\n")

    def test_a_gigabyte_of_print_is_cut_and_harms_nobody(self):
        script = "line = 'x' * 65535\nfor _ in range(16384): print(line)\n" + WRITE.format("'printed'")
        self.assertEqual(self.writes(script), "printed")

    def test_recursion_without_end_fails_and_can_be_caught(self):
        endless = "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\n"
        said = self.fails(endless + "f()\n")
        self.assertTrue("RecursionError" in said or "run.trapped" in said, said)
        with tempfile.TemporaryDirectory() as folder:
            self.scene = Scene(folder)
            caught = "def f(): return f()\ntry: f()\nexcept RecursionError: pass\n"
            self.assertEqual(self.writes(caught + WRITE.format("'caught'")), "caught")
        with tempfile.TemporaryDirectory() as folder:
            self.scene = Scene(folder)
            nested = "(" * 100_000 + ")" * 100_000
            self.fails(f"import ast\nast.literal_eval('{nested}')\n")

    def test_who_catches_everything_is_ended_at_the_deadline(self):
        self.scene.manifest["limits"]["wallTimeSeconds"] = 3
        script = (
            "import signal, sys, atexit\natexit.register(print)\n"
            "while True:\n    try:\n        raise KeyboardInterrupt\n    except BaseException:\n        pass\n"
        )
        self.fails(script, "run.deadline")


class Changed(Runs):
    def test_one_changed_byte_of_a_file_that_it_reads_ends_the_run_before_it_begins(self):
        digest = json.loads((PACKAGE / "runtime.json").read_text())["component"].removeprefix("sha256:")
        file = STORE / digest / "files/usr/local/lib/python315.zip"
        content = file.read_bytes()
        changed = bytearray(content)
        changed[len(changed) // 2] ^= 1
        try:
            file.chmod(0o644)
            file.write_bytes(changed)
            status, said, result = self.scene.run(WRITE.format(1))
            self.assertEqual((status, result), (3, None), said)
            self.assertIn("execution.runtime.file", said)
        finally:
            file.write_bytes(content)
            file.chmod(0o444)


if __name__ == "__main__":
    unittest.main()
