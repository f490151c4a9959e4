"""Which programs are called, how they end, and what is made of what they print."""

from __future__ import annotations

import asyncio
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest
from unittest import mock

import twocvm
from support import PROGRAMS, ROOT, InFolder
from twocvm import _hints, _process, _programs, errors, progress

# Starts a child in its group, says both numbers, and waits.
WAITS = """
    import os, subprocess, time
    if sys.argv[1:2] == ["stubborn"]:
        import signal
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    child = subprocess.Popen(["sleep", "60"])
    open("numbers.part", "w").write(f"{os.getpid()} {child.pid}")
    os.rename("numbers.part", "numbers")
    time.sleep(60)
"""


def is_there(number: int) -> bool:
    try:
        return pathlib.Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


class Finding(InFolder):
    def test_the_version_of_the_package_is_that_of_the_programs(self) -> None:
        places = [p for p in (ROOT / "Sources").rglob("Version.swift") if "static let product" in p.read_text()]
        self.assertEqual(len(places), 1)
        self.assertIn(f'static let product = "{twocvm.__version__}"', places[0].read_text())
        _programs.require_version(PROGRAMS / "2cvm")

    def test_another_version_is_refused(self) -> None:
        for version in ("0.0.9", "0.1.00", "0.1.0-beta", "9.9.9"):
            with self.subTest(version):
                self.program("print('{}')", version)
                with self.assertRaises(twocvm.VersionMismatch) as caught:
                    _process.call(["status"], step="")
                self.assertIn("0.1.0", str(caught.exception))

    def test_what_is_no_2cvm_is_refused(self) -> None:
        file = self.program("")
        for content in (
            "#!/bin/sh\nprintf '\\033[2J2cvm'\n",
            "#!/bin/sh\nexit 7\n",
            "\0\0",
            "#!/bin/sh\nhead -c 9999999 /dev/zero\n",
        ):
            file.write_text(content)
            with self.subTest(content), self.assertRaises(twocvm.TwoCVMError) as caught:
                _process.call(["status"], step="")
            self.assertNotIn("\x1b", str(caught.exception))

    def test_a_2cvm_that_was_replaced_meanwhile_is_asked_again(self) -> None:
        self.program("print('{}')")
        _process.call(["status"], step="")
        self.program("print('{}')  # another", "0.0.1")
        with self.assertRaises(twocvm.VersionMismatch):
            _process.call(["status"], step="")

    def test_without_programs_the_error_says_what_to_install(self) -> None:
        os.environ["TWOCVM_PROGRAMS"] = str(self.folder)
        with self.assertRaises(twocvm.ProgramsMissing):
            _programs.program()
        del os.environ["TWOCVM_PROGRAMS"]
        with mock.patch.dict(os.environ, PATH="/nonexistent"), mock.patch.object(_programs, "INSIDE", self.folder):
            with self.assertRaises(twocvm.ProgramsMissing) as caught:
                _programs.program()
        self.assertIn("wheel", caught.exception.hint or "")

    def test_an_installed_2cvm_is_found_in_path(self) -> None:
        del os.environ["TWOCVM_PROGRAMS"]
        with (
            mock.patch.dict(os.environ, PATH=f"/nonexistent:{PROGRAMS}"),
            mock.patch.object(_programs, "INSIDE", self.folder),
        ):
            self.assertEqual(_programs.program(), PROGRAMS / "2cvm")


class Answers(InFolder):
    def failing(self, body: str) -> twocvm.TwoCVMError:
        self.program(body)
        with self.assertRaises(twocvm.TwoCVMError) as caught:
            _process.call(["x", "--json"], step="").value()
        return caught.exception

    def test_an_error_has_code_message_hint_and_the_class_of_its_status(self) -> None:
        classes = {
            1: twocvm.Refused,
            2: twocvm.Unreadable,
            3: twocvm.Unavailable,
            4: twocvm.RunFailed,
            64: twocvm.WrongUse,
        }
        for status, kind in classes.items():
            body = f"""
                sys.stderr.write('{{"code":"a.b","hint":"do","message":"no","place":"f:1:2","status":{status},"version":1}}')
                sys.exit({status})
            """
            error = self.failing(body)
            self.assertIs(type(error), kind)
            self.assertEqual((error.code, error.message, error.hint, error.place), ("a.b", "no", "do", "f:1:2"))
            self.assertEqual(str(error), "f:1:2: no [a.b]\nhint: do")

    def test_the_errors_of_2cvm_itself_are_read(self) -> None:
        with self.assertRaises(twocvm.Unavailable) as caught:
            twocvm.Manifest("absent.json")
        self.assertEqual(caught.exception.code, "platform.system")
        pathlib.Path("m.json").write_text("{}")
        with self.assertRaises(twocvm.TwoCVMError) as other:
            twocvm.Manifest("m.json")
        self.assertTrue(other.exception.code.startswith("manifest."))

    def test_hints_name_calls_of_python_and_codes_that_the_programs_have(self) -> None:
        sources = "".join(path.read_text() for path in (ROOT / "Sources").rglob("*.swift"))
        for code, hint in _hints.HINTS.items():
            # A manifest's and a plan's codes differ in their first word.
            self.assertTrue(f'"{code}"' in sources or f').{code.split(".", 1)[1]}"' in sources, code)
            self.assertNotIn("2cvm ", hint)

    def test_garbage_is_an_error_and_never_an_answer(self) -> None:
        for text in ("", "{", "[" * 100_000, "NaN{}", '{"a":', "\\xff\\xfe"):
            with self.subTest(text[:8]):
                self.assertIsInstance(self.failing(f"sys.stdout.write({text!r})"), twocvm.Unreadable)
        for text in ("{", '{"code":7,"message":"x"}', "[1]", "x" * 1000, '{"code":"a"}'):
            with self.subTest(text[:8]):
                error = self.failing(f"sys.stderr.write({text!r}); sys.exit(1)")
                self.assertEqual(error.code, "programs.answer")

    def test_an_answer_without_an_end_is_cut_off(self) -> None:
        with (
            mock.patch.object(_process, "MAXIMUM_OUTPUT", 1 << 20),
            mock.patch.object(_process, "MAXIMUM_ERRORS", 1 << 16),
        ):
            for stream in ("stdout", "stderr"):
                start = time.monotonic()
                error = self.failing(f"while True: sys.{stream}.write('x' * 65536)")
                self.assertIsInstance(error, twocvm.Unreadable)
                self.assertLess(time.monotonic() - start, 10)

    def test_what_acts_on_a_terminal_is_written_out(self) -> None:
        fault = '{"code":"a","message":"\\\\u001b[2J\\\\u202e\\\\nx","hint":"\\\\u0007","status":1,"version":1}'
        error = self.failing(f"sys.stderr.write('{fault}'); sys.exit(1)")
        self.assertEqual(error.message, "\\u{1B}[2J\\u{202E}\\u{A}x")
        self.assertTrue(str(error).isascii() and "\x1b" not in str(error))

    def test_a_program_that_is_killed_says_by_what(self) -> None:
        error = self.failing("import os; os.kill(os.getpid(), 9)")
        self.assertIn("SIGKILL", error.message)

    def test_a_name_with_a_zero_byte_is_refused_and_options_are_no_names(self) -> None:
        with self.assertRaises(twocvm.TwoCVMError):
            twocvm.Manifest("a\0b")
        with self.assertRaises(twocvm.TwoCVMError):
            twocvm.Identity.create("--help")
        with self.assertRaises(twocvm.TwoCVMError):
            twocvm.Agent("--help").status()


class Ending(InFolder):
    def numbers(self) -> list[int]:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if pathlib.Path("numbers").exists():
                return [int(number) for number in pathlib.Path("numbers").read_text().split()]
            time.sleep(0.02)
        raise AssertionError("it did not start")

    def assert_ended(self, numbers: list[int]) -> None:
        end = time.monotonic() + 5
        while any(map(is_there, numbers)) and time.monotonic() < end:
            time.sleep(0.02)
        self.assertEqual([number for number in numbers if is_there(number)], [])

    def test_an_interrupt_ends_the_child_and_its_group(self) -> None:
        self.program(WAITS)
        for word in ("plain", "stubborn"):
            with self.subTest(word), mock.patch.object(_process, "PATIENCE", 1.0):
                pathlib.Path("numbers").unlink(missing_ok=True)
                timer = threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT))
                timer.start()
                with self.assertRaises(KeyboardInterrupt):
                    _process.call([word], step="")
                timer.join()
                self.assert_ended(self.numbers())

    def test_cancelling_a_task_ends_the_child_and_its_group(self) -> None:
        self.program(WAITS)

        async def main() -> list[int]:
            task = asyncio.create_task(twocvm.Agent("http://127.0.0.1:1").astatus())
            numbers = await asyncio.to_thread(self.numbers)
            task.cancel()
            with self.assertRaises(asyncio.CancelledError):
                await task
            return numbers

        self.assert_ended(asyncio.run(main()))

    def test_a_time_limit_of_asyncio_ends_the_child(self) -> None:
        self.program(WAITS)

        async def main() -> None:
            async with asyncio.timeout(1):
                await twocvm.Agent("http://127.0.0.1:1").astatus()

        with self.assertRaises(TimeoutError):
            asyncio.run(main())
        self.assert_ended(self.numbers())

    @unittest.skipUnless(shutil.which("setpriv"), "there is no setpriv on this machine")
    def test_a_kernel_that_is_killed_takes_its_command_along(self) -> None:
        self.program(WAITS)
        code = "import twocvm; twocvm.Agent('http://127.0.0.1:1').status()"
        variables = {**os.environ, "PYTHONPATH": str(ROOT / "python" / "src")}
        kernel = subprocess.Popen([sys.executable, "-c", code], env=variables)
        command = self.numbers()[:1]
        kernel.kill()
        kernel.wait()
        self.assert_ended(command)

    def test_two_tasks_run_at_a_time(self) -> None:
        self.program('import time; time.sleep(1); print(\'{"stage":"x"}\')')

        async def main() -> float:
            start = time.monotonic()
            agent = twocvm.Agent("http://127.0.0.1:1")
            await asyncio.gather(*(agent.astatus() for _ in range(4)))
            return time.monotonic() - start

        self.assertLess(asyncio.run(main()), 3)

    def test_errors_cross_from_the_thread(self) -> None:
        self.program("sys.exit(3)")
        with self.assertRaises(twocvm.Unavailable):
            asyncio.run(twocvm.Agent("http://127.0.0.1:1").astatus())


class Progress(InFolder):
    def test_a_terminal_sees_one_line_that_goes_away_and_a_pipe_sees_nothing(self) -> None:
        code = (
            "import twocvm.progress as p, time\nwith p.step('work\\x1b') as m:\n    time.sleep(.5); m.advance(1, 2)\n"
        )
        variables = {**os.environ, "PYTHONPATH": str(ROOT / "python" / "src"), "TERM": "xterm"}
        piped = subprocess.run([sys.executable, "-c", code], capture_output=True, env=variables, check=True)
        self.assertEqual(piped.stderr, b"")
        line, other = os.openpty()
        child = subprocess.Popen([sys.executable, "-c", code], stderr=other, env=variables)
        child.wait()
        os.close(other)
        text = os.read(line, 4096)
        os.close(line)
        self.assertIn(b"2cvm: work\\u{1B} [##########", text)
        self.assertTrue(text.endswith(b"\r\x1b[K"))

    def test_it_can_be_kept_quiet(self) -> None:
        with mock.patch.object(progress, "show", False), progress.step("x") as meter:
            meter.tick()
            self.assertIsNone(meter._screen)


class Importing(InFolder):
    def test_importing_brings_neither_pandas_nor_pyarrow_nor_ipython(self) -> None:
        code = "import sys, twocvm; twocvm.Collaboration; twocvm.Agent; print(sorted(sys.modules))"
        variables = {**os.environ, "PYTHONPATH": str(ROOT / "python" / "src")}
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=variables, check=True)
        for name in ("pandas", "numpy", "pyarrow", "IPython", "asyncio"):
            self.assertNotIn(f"'{name}'", done.stdout)

    def test_every_name_of_the_package_is_there(self) -> None:
        for name in twocvm.__all__:
            self.assertIsNotNone(getattr(twocvm, name))
        self.assertEqual(sorted([*twocvm._MODULES, "__version__"]), sorted(twocvm.__all__))
        with self.assertRaises(AttributeError):
            twocvm.nothing

    def test_there_is_no_cryptography_and_no_socket_in_the_package(self) -> None:
        for file in (ROOT / "python" / "src").rglob("*.py"):
            text = file.read_text()
            for name in (
                "hashlib",
                "hmac",
                "secrets",
                "ssl",
                "cryptography",
                "nacl",
                "socket",
                "urllib",
                "http.client",
            ):
                self.assertNotRegex(text, rf"(?m)^\s*(import|from) {name}\b", file.name)

    def test_visible_leaves_nothing_that_hides(self) -> None:
        for code in (*range(0x20), 0x7F, 0x85, 0xAD, 0x200B, 0x202E, 0x2066, 0xFEFF, 0xD800, 0xE0001, 0x10FFFF):
            self.assertTrue(errors.visible(chr(code)).isprintable(), hex(code))
        self.assertEqual(errors.visible("ü €😀 a"), "ü €😀 a")


if __name__ == "__main__":
    unittest.main()
