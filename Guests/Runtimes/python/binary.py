"""Just enough of WebAssembly's binary form to take a core module and a component apart, and to put them together."""

MAGIC = b"\0asm"
MODULE, COMPONENT = MAGIC + b"\x01\0\0\0", MAGIC + b"\x0d\0\x01\0"


class Malformed(Exception):
    """Bytes that are not what the pinned files have."""


def unsigned(value):
    """LEB128."""
    encoded = bytearray()
    while True:
        value, low = value >> 7, value & 0x7F
        encoded.append(low | 0x80 if value else low)
        if not value:
            return bytes(encoded)


def name(text):
    return unsigned(len(text)) + text


class Reader:
    """A place in bytes."""

    def __init__(self, content, offset=0):
        self.content = content
        self.offset = offset

    def byte(self):
        self.offset += 1
        return self.content[self.offset - 1]

    def unsigned(self):
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                return value

    def take(self, count):
        if self.offset + count > len(self.content):
            raise Malformed("the bytes end inside a value")
        self.offset += count
        return self.content[self.offset - count : self.offset]

    def name(self):
        return self.take(self.unsigned())


def sections(content, preamble):
    """Pairs of an id and the section's bytes, without its head."""
    if content[:8] != preamble:
        raise Malformed("the bytes begin in another way")
    reader = Reader(content, 8)
    found = []
    while reader.offset < len(content):
        identifier = reader.byte()
        found.append((identifier, reader.take(reader.unsigned())))
    return found


def joined(preamble, parts):
    return preamble + b"".join(bytes([identifier]) + unsigned(len(part)) + part for identifier, part in parts)


def custom(title, content):
    """A custom section's bytes, without its head."""
    return name(title) + content


def fixed_tables(content):
    """How many elements each table of a core module has. None may grow: nobody could bound what it grows to, in a
    module that is compiled beforehand."""
    reader = Reader(next(part for found, part in sections(content, MODULE) if found == 4))
    tables = []
    for _ in range(reader.unsigned()):
        kind, flags, least = reader.byte(), reader.byte(), reader.unsigned()
        if (kind, flags) != (0x70, 1) or reader.unsigned() != least:
            raise Malformed("a table that can grow")
        tables.append(least)
    return tables


VALUE_TYPES = {0x7F: "i32", 0x7E: "i64", 0x7D: "f32", 0x7C: "f64"}


class CoreModule:
    """A core module's outside: what it imports, exports, and of which types. Its code stays as it is."""

    def __init__(self, content):
        self.parts = sections(content, MODULE)
        self.types = self._types()
        self.imports = self._imports()
        self.memory = self._memory()
        self.exports = self._exports()

    def part(self, identifier):
        return next(part for found, part in self.parts if found == identifier)

    def _types(self):
        reader = Reader(self.part(1))
        types = []
        for _ in range(reader.unsigned()):
            if reader.byte() != 0x60:
                raise Malformed("a type that is no function's")
            parameters = reader.take(reader.unsigned())
            types.append((parameters, reader.take(reader.unsigned())))
        return types

    def _imports(self):
        reader = Reader(self.part(2))
        imports = []
        for _ in range(reader.unsigned()):
            module, field = reader.name(), reader.name()
            if reader.byte() != 0:
                raise Malformed("an import that is no function")
            imports.append((module.decode(), field.decode(), reader.unsigned()))
        return imports

    def _memory(self):
        """The minimum of its only memory, which has no maximum."""
        reader = Reader(self.part(5))
        if (reader.unsigned(), reader.byte()) != (1, 0):
            raise Malformed("another memory than one that grows as far as it may")
        return reader.unsigned()

    def _exports(self):
        functions = [kind for _, _, kind in self.imports]
        reader = Reader(self.part(3))
        functions += [reader.unsigned() for _ in range(reader.unsigned())]
        reader = Reader(self.part(7))
        exports = []
        for _ in range(reader.unsigned()):
            title, kind, index = reader.name().decode(), reader.byte(), reader.unsigned()
            if kind == 0:
                exports.append((title, functions[index]))
            elif (title, kind, index) != ("memory", 2, 0):
                raise Malformed(f"an export of another kind: {title}")
        return exports

    def signature(self, index):
        """A function's type in text, such as `(func (param i32) (result i32))`."""
        parameters, results = ([VALUE_TYPES[kind] for kind in kinds] for kinds in self.types[index])
        text = f" (param {' '.join(parameters)})" if parameters else ""
        return f"(func{text}{' (result ' + ' '.join(results) + ')' if results else ''})"

    def importing_memory(self, renamed):
        """The module with its memory imported from `env`, and with other names for imports."""
        entries = [
            name(module.encode()) + name(field.encode()) + b"\0" + unsigned(kind)
            for module, field, kind in (renamed.get(entry[:2], entry[:2]) + entry[2:] for entry in self.imports)
        ]
        entries.append(name(b"env") + name(b"memory") + b"\x02\0" + unsigned(self.memory))
        imports = unsigned(len(entries)) + b"".join(entries)
        parts = [(2, imports) if found == 2 else (found, part) for found, part in self.parts if found not in (0, 5)]
        return joined(MODULE, parts)
