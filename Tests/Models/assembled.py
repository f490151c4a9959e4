"""The steps of drawn components as WebAssembly."""

import hashlib
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
WASM_TOOLS = ROOT / ".deps" / "bin" / "wasm-tools"


class Code:
    """One component's core module as text. Its memory: texts from 16, an answer at 8, what is written from 4,096."""

    def __init__(self, index, steps, links):
        self.index, self.links = index, links
        self.texts, self.end, self.data = {}, 16, []
        body = self.block(steps)
        lines = ["(module"]
        lines.append('(import "twocvm:guest/files" "read" (func $read (param i32 i32 i32)))')
        lines.append('(import "twocvm:guest/files" "write" (func $write (param i32 i32 i32 i32 i32)))')
        lines.append('(import "twocvm:guest/files" "log" (func $log (param i32 i32)))')
        lines += [f'(import "a:b/to{link}" "ask" (func $to{link} (param i32) (result i32)))' for link in links]
        lines.append(PRELUDE)
        lines += self.data
        lines.append(f"(func $steps {body})")
        lines.append('(func (export "a:b/talk#ask") (param i32) (result i32)')
        lines.append("(call $mix (local.get 0)) (call $steps) (global.get $acc))")
        if index == 0:
            lines.append('(func (export "wasi:cli/run@0.2.12#run") (result i32) (call $steps) (i32.const 0))')
        self.text = "\n".join([*lines, ")"])
        imports = "".join(f" import to{link};" for link in links)
        exports = " export wasi:cli/run@0.2.12;" if index == 0 else ""
        self.world = f"world w {{ import twocvm:guest/files;{imports} export talk;{exports} }}"

    def text(self, text):
        if text not in self.texts:
            self.texts[text] = self.end
            escaped = "".join(f"\\{byte:02x}" for byte in text.encode())
            self.data.append(f'(data (i32.const {self.end}) "{escaped}")')
            self.end += len(text)
        return f"(i32.const {self.texts[text]}) (i32.const {len(text)})"

    def block(self, steps):
        return " ".join(getattr(self, step[0])(*step[1:]) for step in steps)

    def read(self, path):
        return f"(call $take {self.text(path)})"

    def ask(self, link):
        return f"(call $mix (call $to{link} (global.get $acc)))"

    def write(self, output):
        return f"(call $put {self.text('/output/' + output)})"

    def lines(self, output, layout):
        head, between, tail, is_counted = layout
        texts = " ".join(map(self.text, ["/output/" + output, head, between, tail]))
        return f"(call $lines {texts} (i32.const {int(is_counted)}))"

    def log(self):
        return "(call $tell)"

    def branch(self, bit, one, other):
        condition = f"(i32.and (i32.shr_u (global.get $acc) (i32.const {bit})) (i32.const 1))"
        return f"(if {condition} (then {self.block(one)}) (else {self.block(other)}))"

    def burn(self, rounds):
        return f"(call $burn (i32.const {rounds}))"

    def fail(self, number):
        return f"(if (i32.eq (i32.and (global.get $acc) (i32.const 7)) (i32.const {number})) (then unreachable))"

    # Leaks, which tests plant: they tell the length of a file, and the model does not know them.

    def pad(self, path, output):
        return f"(call $pad {self.text(path)} {self.text('/output/' + output)})"

    def order(self, path, output):
        return f"(call $order {self.text(path)} {self.text('/output/' + output)})"

    def exit(self, path):
        return f"(if (i32.and (call $length {self.text(path)}) (i32.const 1)) (then unreachable))"


PRELUDE = """
(memory (export "memory") 4)
(global $acc (mut i32) (i32.const 7))
(global $next (mut i32) (i32.const 65536))
(global $end (mut i32) (i32.const 4096))
(func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
  (global.set $next (i32.and (i32.add (global.get $next) (i32.const 7)) (i32.const -8)))
  (global.get $next)
  (global.set $next (i32.add (global.get $next) (local.get 3))))
(func $mix (param $value i32)
  (global.set $acc (i32.mul (i32.xor (global.get $acc) (local.get $value)) (i32.const 16777619))))
(func $take (param i32 i32) (local $at i32) (local $left i32)
  (global.set $next (i32.const 65536))
  (call $read (local.get 0) (local.get 1) (i32.const 0))
  (call $mix (i32.load8_u (i32.const 0)))
  (if (i32.load8_u (i32.const 0)) (then return))
  (local.set $at (i32.load (i32.const 4)))
  (local.set $left (i32.load (i32.const 8)))
  (block $done (loop $bytes
    (br_if $done (i32.eqz (local.get $left)))
    (call $mix (i32.load8_u (local.get $at)))
    (local.set $at (i32.add (local.get $at) (i32.const 1)))
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (br $bytes)))
  (call $mix (i32.load (i32.const 8))))
(func $put (param i32 i32) (local $at i32) (local $left i32)
  (local.set $at (i32.const 4096))
  (local.set $left (i32.rem_u (global.get $acc) (i32.const 41)))
  (block $done (loop $words
    (br_if $done (i32.eqz (local.get $left)))
    (i32.store (local.get $at) (global.get $acc))
    (local.set $at (i32.add (local.get $at) (i32.const 4)))
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (br $words)))
  (call $write (local.get 0) (local.get 1) (i32.const 4096)
    (i32.sub (local.get $at) (i32.const 4096)) (i32.const 0))
  (if (i32.load8_u (i32.const 0)) (then unreachable)))
(func $byte (param i32)
  (i32.store8 (global.get $end) (local.get 0))
  (global.set $end (i32.add (global.get $end) (i32.const 1))))
(func $copy (param $from i32) (param $left i32)
  (block $done (loop $bytes
    (br_if $done (i32.eqz (local.get $left)))
    (call $byte (i32.load8_u (local.get $from)))
    (local.set $from (i32.add (local.get $from) (i32.const 1)))
    (local.set $left (i32.sub (local.get $left) (i32.const 1)))
    (br $bytes))))
(func $hex (local $place i32) (local $digit i32)
  (loop $digits
    (local.set $digit (i32.and (i32.const 15) (i32.shr_u (global.get $acc)
      (i32.sub (i32.const 28) (i32.shl (local.get $place) (i32.const 2))))))
    (call $byte
      (i32.add (local.get $digit) (select (i32.const 87) (i32.const 48) (i32.gt_u (local.get $digit) (i32.const 9)))))
    (br_if $digits (i32.lt_u (local.tee $place (i32.add (local.get $place) (i32.const 1))) (i32.const 8)))))
(func $lines (param $path i32) (param i32) (param $head i32) (param i32) (param $between i32) (param i32)
  (param $tail i32) (param i32) (param $counted i32) (local $number i32) (local $count i32)
  (local.set $count (i32.add (i32.const 1) (i32.rem_u (global.get $acc) (i32.const 40))))
  (global.set $end (i32.const 4096))
  (call $copy (local.get $head) (local.get 3))
  (block $done (loop $words
    (call $mix (local.get $number))
    (call $hex)
    (if (local.get $counted) (then
      (call $byte (i32.const 44))
      (call $byte (i32.add (i32.const 48) (i32.and (global.get $acc) (i32.const 7))))))
    (local.set $number (i32.add (local.get $number) (i32.const 1)))
    (br_if $done (i32.eq (local.get $number) (local.get $count)))
    (call $copy (local.get $between) (local.get 5))
    (br $words)))
  (call $copy (local.get $tail) (local.get 7))
  (call $write (local.get $path) (local.get 1) (i32.const 4096)
    (i32.sub (global.get $end) (i32.const 4096)) (i32.const 0))
  (if (i32.load8_u (i32.const 0)) (then unreachable)))
(func $tell
  (global.set $end (i32.const 8192))
  (call $hex)
  (call $log (i32.const 8192) (i32.const 8)))
(func $length (param i32 i32) (result i32)
  (global.set $next (i32.const 65536))
  (call $read (local.get 0) (local.get 1) (i32.const 0))
  (if (i32.load8_u (i32.const 0)) (then unreachable))
  (i32.load (i32.const 8)))
(func $pad (param i32 i32 i32 i32)
  (call $write (local.get 2) (local.get 3) (i32.const 12288) (call $length (local.get 0) (local.get 1)) (i32.const 0)))
(func $order (param i32 i32 i32 i32)
  (i32.store (i32.const 4096) (i32.shl (i32.const 1)
    (i32.shl (i32.and (call $length (local.get 0) (local.get 1)) (i32.const 1)) (i32.const 3))))
  (call $write (local.get 2) (local.get 3) (i32.const 4096) (i32.const 4) (i32.const 0)))
(func $burn (param $rounds i32) (local $round i32)
  (loop $more
    (call $mix (local.get $round))
    (br_if $more (i32.lt_u (local.tee $round (i32.add (local.get $round) (i32.const 1))) (local.get $rounds)))))
"""


def build(manifest, steps, folder):
    """Writes the components, and puts what they are into the manifest."""
    wit = folder / "wit"
    if not wit.exists():
        (wit / "deps").mkdir(parents=True)
        for file in (ROOT / "Shims/wit/deps").glob("*.wit"):
            (wit / "deps" / file.name).write_bytes(file.read_bytes())
    talk = "interface {} {{ ask: func(value: u32) -> u32; }}"
    interfaces = [talk.format("talk")] + [talk.format(f"to{index}") for index in range(1, 4)]
    for index, entry in enumerate(manifest["components"]):
        links = sorted(
            int(channel["exporter"][1:]) for channel in manifest["channels"] if channel.get("importer") == entry["name"]
        )
        code = Code(index, steps[index], links)
        (wit / "world.wit").write_text("\n".join(["package a:b;", *interfaces, code.world]))
        text, core, path = folder / "core.wat", folder / "core.wasm", folder / f"c{index}.wasm"
        text.write_text(code.text)
        tool = [WASM_TOOLS, "component"]
        subprocess.run([*tool, "embed", wit, "--world", "w", text, "-o", core], check=True, capture_output=True)
        subprocess.run([*tool, "new", core, "-o", path], check=True, capture_output=True)
        entry["digest"] = "sha256:" + hashlib.sha256(path.read_bytes()).hexdigest()
