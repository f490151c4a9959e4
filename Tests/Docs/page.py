"""The console blocks of a page, and how they are run.

A command stands behind `$ `, or behind `NAME$ ` for a terminal of its own; it goes on where a line ends in `\\` or a
here-document is open. What follows is what it prints. A line `...` stands for any lines, `…` and `...` inside a line
for any text, and a word in angle brackets for what was printed: the same word stands for the same text in every later
command and line of the page. A block of another language that names a file, as in ```c sums/sums.c, is that file.
"""

import os
import pathlib
import re
import selectors
import shutil
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROMPT = re.compile(r"^([a-z][a-z-]*)?\$ (.*)$")
PLACEHOLDER = re.compile(r"<([a-z][a-z' -]*)>")
HERE = re.compile(r"<<'([A-Z]+)'")
FENCE = re.compile(r"```(?:console|[a-z]+ (\S+))")
PATIENCE = 120


class Mismatch(Exception):
    """A page says one thing and the programs another."""


class Block:
    """One fenced block, with where it stands."""

    def __init__(self, page, line, lines, file=None):
        self.page, self.line, self.lines, self.file = page, line, lines, file

    @property
    def is_console(self):
        return self.file is None

    @property
    def place(self):
        return f"{self.page}:{self.line}"

    @property
    def key(self):
        """The page and the first line: what a list names a block by."""
        return (self.page, self.lines[0] if self.lines else "")

    def commands(self):
        """Terminal, command and shown lines, one after the other."""
        found, lines = [], iter(self.lines)
        for line in lines:
            match = PROMPT.match(line)
            if not match:
                if not found:
                    raise Mismatch(f"{self.place}: output without a command")
                found[-1][2].append(line)
                continue
            command = [match[2]]
            end = HERE.search(match[2])
            while command[-1].endswith("\\") or (end and command[-1] != end[1]):
                try:
                    command.append(next(lines))
                except StopIteration:
                    raise Mismatch(f"{self.place}: a command goes on and the block does not") from None
            found.append((match[1] or "", "\n".join(command), []))
        return found


def pages():
    """README, CONTRIBUTING, every page of docs, those of the examples and of the Python package."""
    found = [path for kind in ("docs/*.md", "examples/*/README.md", "python/*.md") for path in ROOT.glob(kind)]
    return ["README.md", "CONTRIBUTING.md", *sorted(str(path.relative_to(ROOT)) for path in found)]


def fences(page):
    """What stands behind the opening fence of each block, and its lines."""
    found, lines = [], None
    for line in (ROOT / page).read_text().splitlines():
        if lines is None and line.startswith("```"):
            lines = []
            found.append((line[3:], lines))
        elif line == "```":
            lines = None
        elif lines is not None:
            lines.append(line)
    return found


def blocks(page):
    """A page's console blocks and files, in order."""
    found, block = [], None
    for number, line in enumerate((ROOT / page).read_text().splitlines(), 1):
        if block is None and (fence := FENCE.fullmatch(line)):
            block = Block(page, number, [], fence[1])
        elif block is not None and line == "```":
            found.append(block)
            block = None
        elif block is not None:
            block.lines.append(line)
    if block is not None:
        raise Mismatch(f"{block.place}: a block without an end")
    return found


class Terminal:
    """One shell that stays, as a person's terminal does. Both streams are one, as on a screen."""

    def __init__(self, home, folder, path):
        environment = {"HOME": str(home), "PATH": path, "LC_ALL": "C.UTF-8", "TERM": "dumb"}
        self.shell = subprocess.Popen(
            ["bash", "--norc", "--noprofile"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        os.set_blocking(self.shell.stdout.fileno(), False)
        self.mark = f"--end-of-command-{os.urandom(8).hex()}--"
        self.is_busy = False

    def run(self, command, is_enough):
        """What a command prints, and its status; None where it still runs and has printed enough."""
        if self.is_busy:
            raise Mismatch("a terminal was used whose command still runs")
        self.shell.stdin.write(f'{command}\necho "{self.mark}$?"\n'.encode())
        self.shell.stdin.flush()
        text, end = "", time.monotonic() + PATIENCE
        with selectors.DefaultSelector() as selector:
            selector.register(self.shell.stdout, selectors.EVENT_READ)
            while time.monotonic() < end:
                if not selector.select(0.2):
                    continue
                piece = self.shell.stdout.read() or b""
                text += piece.decode(errors="replace")
                if self.mark in text:
                    output, status = text.split(self.mark)
                    return output.splitlines(), int(status)
                if is_enough(text.splitlines()):
                    self.is_busy = True
                    return text.splitlines(), None
                if not piece:
                    raise Mismatch(f"the shell ended after: {text}")
        raise Mismatch(f"nothing more for {PATIENCE} s after: {text}")

    def close(self):
        """Ends the shell and what it started."""
        try:
            os.killpg(self.shell.pid, signal.SIGTERM)
            self.shell.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.shell.pid, signal.SIGKILL)
            self.shell.wait()
        except ProcessLookupError:
            self.shell.wait()
        self.shell.stdin.close()
        self.shell.stdout.close()


class Reading:
    """What the words in angle brackets stand for, learnt from what was printed."""

    def __init__(self):
        self.words = {}

    def fill(self, command, place):
        """The command with every such word replaced."""

        def value(match):
            if match[1] not in self.words:
                raise Mismatch(f"{place}: nothing has printed <{match[1]}> yet")
            return self.words[match[1]]

        return PLACEHOLDER.sub(value, command)

    def fits(self, shown, printed):
        """Whether the printed lines are those that are shown. Learns the words if they are."""
        words = self.match(shown, printed, dict(self.words))
        if words is not None:
            self.words = words
        return words is not None

    def match(self, shown, printed, words):
        if not shown:
            return words if not printed else None
        if shown[0] == "...":
            for skipped in range(len(printed) + 1):
                found = self.match(shown[1:], printed[skipped:], dict(words))
                if found is not None:
                    return found
            return None
        if not printed:
            return None
        match = re.fullmatch(self.pattern(shown[0], words), printed[0])
        if not match:
            return None
        names = [name for name in PLACEHOLDER.findall(shown[0]) if name not in words]
        return self.match(shown[1:], printed[1:], words | dict(zip(dict.fromkeys(names), match.groups())))

    def pattern(self, line, words):
        parts, fresh = [], []
        for part in re.split(r"(<[a-z][a-z' -]*>|\.\.\.|…)", line):
            name = PLACEHOLDER.fullmatch(part)
            if part in ("...", "…"):
                parts.append(".*")
            elif not name:
                parts.append(re.escape(part))
            elif name[1] in words:
                parts.append(re.escape(words[name[1]]))
            elif name[1] in fresh:
                parts.append(f"\\{fresh.index(name[1]) + 1}")
            else:
                fresh.append(name[1])
                parts.append(r"(\S+)")
        return "".join(parts)


class Run:
    """One page in an empty home, which holds the checkout at ~/2cvm and nothing else."""

    def __init__(self, statuses=(), begins_in_checkout=False, has_programs=True):
        self.statuses = dict(statuses)
        self.begins_in_checkout = begins_in_checkout
        self.path = os.environ["PATH"]
        if has_programs:
            self.path = f"{ROOT}/.build/release:{self.path}"
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="2cvm-page-"))
        (self.home / "2cvm").symlink_to(ROOT)
        self.terminals, self.reading = {}, Reading()
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = str(free.getsockname()[1])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for terminal in self.terminals.values():
            terminal.close()
        shutil.rmtree(self.home)

    def perform(self, block):
        """Runs a block's commands, and compares what each prints and how it ends."""
        if not block.is_console:
            file = self.home / block.file
            file.parent.mkdir(parents=True, exist_ok=True)
            return file.write_text(self.here("\n".join(block.lines) + "\n"))
        for name, command, shown in block.commands():
            if name not in self.terminals:
                folder = self.home / "2cvm" if self.begins_in_checkout else self.home
                self.terminals[name] = Terminal(self.home, folder, self.path)
            shown = [self.here(line) for line in shown]
            filled = self.reading.fill(self.here(command), block.place)
            # A server prints its lines and stays.
            printed, status = self.terminals[name].run(
                filled, lambda lines: bool(shown) and "listening on" in shown[-1] and self.reading.fits(shown, lines)
            )
            if status is not None and not self.reading.fits(shown, printed):
                raise Mismatch(
                    f"{block.place}: {command}\nthe page shows:\n"
                    + "\n".join(shown)
                    + "\nit printed:\n"
                    + "\n".join(printed)
                )
            expected = self.statuses.get((block.page, command), 0)
            if status is not None and status != expected:
                raise Mismatch(f"{block.place}: {command}\nended with {status}, not {expected}:\n" + "\n".join(printed))

    def here(self, text):
        """Another port than the page's: something else may listen there."""
        return text.replace("127.0.0.1:8080", f"127.0.0.1:{self.port}")
