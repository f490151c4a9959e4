"""The generator refuses what it cannot bind, each with a sentence."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

GUESTS = pathlib.Path(__file__).resolve().parent.parent
SHIMS = GUESTS.parent / "Shims" / "wit"
WASM_TOOLS = GUESTS.parent / ".deps" / "bin" / "wasm-tools"

REFUSED = {
    "f: func(a: char);": "a type of the kind 'char' is not supported",
    "f: func() -> future<u8>;": "a type of the kind 'future' is not supported",
    "f: func() -> stream<u8>;": "a type of the kind 'stream' is not supported",
    "f: func() -> result<u8, u8>;": "an error of the kind 'u8' is not supported",
    "f: func() -> result<u8, list<string>>;": "an error of the kind 'list' is not supported",
    "resource r; f: func(a: r);": "giving a resource away is not supported",
    "resource r; f: func(a: option<r>);": "giving a resource away is not supported",
    "resource r { constructor(); }": "a function of the kind 'constructor' is not supported",
    "f: async func();": "a function of the kind",
    "f: func(" + ", ".join(f"a{i}: u8" for i in range(17)) + ");": "more than 16 core values",
    "f: func(" + ", ".join(f"a{i}: string" for i in range(9)) + ");": "more than 16 core values",
    "enum e { " + ", ".join(f"a{i}" for i in range(257)) + " }": "more than 256 cases",
}


def generate(wit, world="guest"):
    """What the generator makes of a WIT text, or of a folder."""
    with tempfile.TemporaryDirectory() as folder:
        path = wit
        if isinstance(wit, str):
            path = pathlib.Path(folder, "world.wit")
            path.write_text(wit)
        json = subprocess.run([WASM_TOOLS, "component", "wit", "--json", path], capture_output=True, check=True).stdout
    command = [sys.executable, "-B", GUESTS / "generate.py", world]
    return subprocess.run(command, input=json, capture_output=True)


class Bindings(unittest.TestCase):
    def assert_refused(self, wit, sentence, world="guest"):
        done = generate(wit, world)
        message = done.stderr.decode()
        self.assertEqual(done.returncode, 1, wit)
        self.assertEqual(done.stdout, b"", wit)
        self.assertIn(sentence, message)
        self.assertTrue(message.startswith("guests: error: ") and message.count("\n") == 1, message)

    def test_refuses_what_it_does_not_support(self):
        for content, sentence in REFUSED.items():
            self.assert_refused(f"package a:b; interface i {{ {content} }} world guest {{ import i; }}", sentence)

    def test_refuses_exported_resources(self):
        self.assert_refused(
            "package a:b; interface i { resource r; } world guest { export i; }", "exported resources are not supported"
        )

    def test_refuses_functions_and_types_of_a_world(self):
        for item in ("import f: func();", "export f: func();", "record r { a: u8 }"):
            self.assert_refused(f"package a:b; world guest {{ {item} }}", "put them into an interface")

    def test_refuses_a_world_that_is_not_there(self):
        self.assert_refused("package a:b; world other {}", "there is no world 'guest'")

    def test_binds_all_that_a_component_can_reach(self):
        done = generate(SHIMS, "host")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        for name in (b"enum FilesystemTypes {}", b"enum SocketsUdp {}", b"final class Pollable: Canonical"):
            self.assertIn(name, done.stdout)

    def test_names_wasi_interfaces_by_package(self):
        done = generate("package wasi:cli; interface run { run: func() -> result; } world guest { export run; }")
        self.assertIn(b"protocol CliRunExports {\n    static func run() throws(Failed)\n}", done.stdout)


if __name__ == "__main__":
    unittest.main()
