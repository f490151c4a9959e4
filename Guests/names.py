"""Makes the names of functions in a core module readable: names.py MODULE DEMANGLER, in place.

Swift's linker names are mangled, and a rehearsal's backtrace shows names as they stand in the module. All other names
of the section, such as those of locals and data, go: no backtrace shows them.
"""

import subprocess
import sys

FUNCTIONS = 1
# Generic specialisations have names of a kilobyte.
MAXIMUM_BYTES = 100


class Bytes:
    """A place in bytes, from which LEB128 integers and pieces are read."""

    def __init__(self, content):
        self.content, self.offset = content, 0

    def __bool__(self):
        return self.offset < len(self.content)

    def take(self, count):
        piece = self.content[self.offset : self.offset + count]
        if len(piece) != count:
            raise ValueError("a module ends inside a value")
        self.offset += count
        return piece

    def number(self):
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def piece(self):
        return self.take(self.number())


def number(value):
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes(encoded) + bytes([value])


def piece(content):
    return number(len(content)) + content


def demangled(names, demangler):
    lines = "\n".join(names)
    command = [demangler, "-compact", "-simplified"]
    shown = subprocess.run(command, input=lines, text=True, capture_output=True, check=True)
    found = shown.stdout.split("\n")[: len(names)]
    if len(found) != len(names):
        raise ValueError("the demangler gave fewer names")
    return found


def functions(section):
    """Pairs of an index and a name, of the subsection of functions."""
    reader = Bytes(section)
    while reader:
        kind, content = reader.take(1)[0], Bytes(reader.piece())
        if kind == FUNCTIONS:
            return [(content.number(), content.piece().decode()) for _ in range(content.number())]
    return []


def readable(module, demangler):
    """The module with readable names of functions, in the section that it has for them."""
    reader = Bytes(module)
    result = bytearray(reader.take(8))
    while reader:
        kind, content = reader.take(1), reader.piece()
        inner = Bytes(content)
        if kind == b"\0" and inner.piece() == b"name":
            found = functions(content[inner.offset :])
            names = (
                [
                    name.encode()[:MAXIMUM_BYTES].decode(errors="ignore")
                    for name in demangled([name for _, name in found], demangler)
                ]
                if found
                else []
            )
            listed = b"".join(number(index) + piece(name.encode()) for (index, _), name in zip(found, names))
            content = piece(b"name") + bytes([FUNCTIONS]) + piece(number(len(found)) + listed)
        result += kind + piece(content)
    return bytes(result)


if __name__ == "__main__":
    path, demangler = sys.argv[1:]
    with open(path, "rb") as file:
        original = file.read()
    with open(path, "wb") as file:
        file.write(readable(original, demangler))
