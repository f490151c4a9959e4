"""What others chose, on a terminal: no row of it passes for a line of this program's own."""

import fcntl
import os
import pathlib
import pty
import struct
import subprocess
import tempfile
import termios
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = ROOT / ".build" / "release" / "2cvm"


def on_terminal(columns, *arguments):
    """Runs the program with a terminal as its output and error, and gives the rows that it printed."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "TWOCVM_HOME": folder, "NO_COLOR": "1"}
        process = subprocess.Popen(
            [PROGRAM, *arguments], stdin=subprocess.DEVNULL, stdout=slave, stderr=slave, env=environment
        )
        os.close(slave)
        text = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # The last one has closed it.
                break
            if not piece:
                break
            text += piece
        os.close(master)
        process.wait(timeout=60)
    return text.decode().replace("\r\n", "\n").splitlines()


class Terminal(unittest.TestCase):
    def test_an_error_with_a_hostile_file_name_is_broken_by_this_program_with_an_indent(self):
        for columns in (40, 80, 132):
            forged = "2cvm: note: signed by everyone "
            for padding in range(0, columns, 7):
                with self.subTest(columns=columns, padding=padding):
                    name = "x" * padding + " " + forged * 5 + "y" * 60
                    rows = on_terminal(columns, "manifest", "check", name)
                    self.assertTrue(rows[0].startswith("2cvm: error["), rows)
                    self.assertTrue(any("2cvm: note:" in row for row in rows[1:]), rows)
                    for row in rows:
                        self.assertLessEqual(len(row), columns)
                        self.assertTrue(row.startswith(("2cvm: error[", "2cvm: hint: ", "    ")), row)

    def test_escape_sequences_in_a_file_name_are_spelled_out(self):
        rows = on_terminal(80, "manifest", "check", "a\x1b[2J\u200bb\u00a0c")
        self.assertNotIn("\x1b", "".join(rows))
        self.assertIn("a\\u{1B}[2J\\u{200B}b\\u{A0}c", "".join(row.removeprefix("    ") for row in rows))


if __name__ == "__main__":
    unittest.main()
