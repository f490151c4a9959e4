"""Writes the determinist's text: interfaces.py HOST TEMPLATE MODULE, onto standard output.

HOST is the text of a component that imports the engine's interfaces, MODULE the core module's, TEMPLATE holds
@IMPORTS@, @INTERFACES@ and @CORE_MODULE@.

Streams and sockets stay the engine's: their resources and functions are passed on as they are, so that nothing is
copied on the way. Only what answers a pollable is ours, since the pollables are. WIT cannot say that; so each such
interface is made by a small component that imports the engine's resources and functions, ours in place of some, and
exports them under their names. Its types are those of the engine's interface, once for what is imported and once, on
the exported resources, for what is exported.
"""

import re
import sys

# What answers a pollable, and which of the template's functions does it instead.
INTERFACES = {
    "wasi:io/streams@0.2.12": {
        "[method]input-stream.subscribe": "$subscribe-input",
        "[method]output-stream.subscribe": "$subscribe-output",
    },
    "wasi:sockets/tcp@0.2.12": {"[method]tcp-socket.subscribe": "$subscribe-tcp"},
    "wasi:sockets/udp@0.2.12": {
        "[method]udp-socket.subscribe": "$subscribe-udp",
        "[method]incoming-datagram-stream.subscribe": "$subscribe-incoming",
        "[method]outgoing-datagram-stream.subscribe": "$subscribe-outgoing",
    },
    "wasi:sockets/ip-name-lookup@0.2.12": {"[method]resolve-address-stream.subscribe": "$subscribe-addresses"},
}
POLLABLE = "$waiting"  # ours, in the template
RESOURCES = {"error", "pollable", "input-stream", "output-stream"}
# Whose types of records and variants a component must import by name to use them.
NETWORK = "wasi:sockets/network@0.2.12"

# In a type numbers stand for types alone, but in quoted names.
INDEX = re.compile(r"(?<![\w-])\d+(?=[ )]|$)")


class Unexpected(Exception):
    """The text is not what wasm-tools prints."""


def declarations(host: str, interface: str) -> list[str]:
    """The lines of an interface's instance type."""
    start = host.index(f"  (type $ty-{interface} ")
    body = host[start : host.index("\n    )\n  )\n", start)]
    return [line.strip() for line in body.split("\n")[2:]]


def aliases(host: str) -> dict[str, tuple[str, str]]:
    """What each of the host's aliases stands for: an interface and a type's name."""
    found = re.findall(r'\(alias export \$(\S+) "([^"]+)" \(type (\$"[^"]+"|\S+)', host)
    return {name: (interface, original) for interface, original, name in found}


class Wrapper:
    """One interface's component, and its instance."""

    def __init__(self, interface: str, ours: dict[str, str], host: str) -> None:
        self.interface, self.ours, self.names = interface, ours, aliases(host)
        network = "\n      ".join(declarations(host, NETWORK))
        self.imports = [f"(type (instance\n      {network}))", f'(import "{NETWORK}" (instance $network (type 0)))']
        self.exports: list[str] = []
        self.arguments = [f'(with "{NETWORK}" (instance ${NETWORK}))']
        # By which index of the component's what is imported knows each type of the engine's interface; what is exported
        # has indices of its own.
        self.places: list[int] = []
        self.later: list[tuple[str, str, int]] = []

    def read(self, lines: list[str]) -> None:
        for line in lines:
            if match := re.fullmatch(r"\(alias outer 1 (\$\"[^\"]+\"|\S+) \(type \(;\d+;\)\)\)", line):
                self.alias(match[1])
            elif match := re.fullmatch(r"\(type \(;\d+;\) (.*)\)", line):
                self.imports.append(f"(type {self.renumbered(match[1])})")
                self.later.append(("type", match[1], len(self.places)))
                self.add()
            elif match := re.fullmatch(r"\(export \(;\d+;\) \"([^\"]+)\" \(type (.*)\)\)", line):
                self.type(match[1], match[2])
            elif match := re.fullmatch(r"\(export \(;(\d+);\) \"([^\"]+)\" \(func \(type (\d+)\)\)\)", line):
                self.function(match[1], match[2], int(match[3]))
            else:
                raise Unexpected(line)

    def add(self) -> None:
        self.places.append(1 + len(self.places))  # behind the network's

    def alias(self, alias: str) -> None:
        """A type of another interface: a resource of streams is handed in."""
        interface, name = self.names[alias]
        if interface == NETWORK:
            self.imports.append(f'(alias export $network "{name}" (type))')
        elif name in RESOURCES:
            place = f"outer{len(self.places)}"
            self.imports.append(f'(import "{place}" (type (sub resource)))')
            self.arguments.append(f'(with "{place}" (type {POLLABLE if name == "pollable" else alias}))')
        else:
            self.imports.append(f"(alias outer 1 {alias} (type))")
        self.add()

    def type(self, name: str, bound: str) -> None:
        self.imports.append(f'(import "{name}" (type {self.renumbered(bound)}))')
        source = POLLABLE if name == "pollable" else f'${self.interface} "{name}"'
        self.arguments.append(f'(with "{name}" (type {source}))')
        self.later.append(("export", name, len(self.places)))
        self.add()

    def function(self, number: str, name: str, index: int) -> None:
        self.imports.append(f'(import "f{number}" (func $f{number} (type {self.places[index]})))')
        source = self.ours.pop(name, f'${self.interface} "{name}"')
        self.arguments.append(f'(with "f{number}" (func {source}))')
        self.later.append((f"$f{number}", name, index))

    def renumbered(self, text: str) -> str:
        parts = text.split('"')
        parts[::2] = [INDEX.sub(lambda match: str(self.places[int(match[0])]), part) for part in parts[::2]]
        return '"'.join(parts)

    def text(self) -> str:
        following = 1 + len(self.places)
        for kind, text, index in self.later:
            if kind.startswith("$"):
                self.exports.append(f'(export "{text}" (func {kind}) (func (type {self.places[index]})))')
                continue
            place = self.places[index]
            self.exports.append(
                f'(export "{text}" (type {place}))' if kind == "export" else f"(type {self.renumbered(text)})"
            )
            self.places[index] = following
            following += 1
        if self.ours:
            raise Unexpected(f"{self.interface} has no {', '.join(self.ours)}")
        name = "$" + self.interface.split("/")[1].split("@")[0]
        inner = "\n    ".join(self.imports + self.exports)
        arguments = "\n    ".join(self.arguments)
        return (
            f"  (component {name}\n    {inner})\n"
            f"  (instance {name}-out (instantiate {name}\n    {arguments}))\n"
            f'  (export "{self.interface}" (instance {name}-out))\n'
        )


def main(host_path: str, template_path: str, module_path: str) -> None:
    with open(host_path, encoding="utf-8") as file:
        host = file.read()
    with open(template_path, encoding="utf-8") as file:
        template = file.read()
    with open(module_path, encoding="utf-8") as file:
        module = file.read()
    imports = host[host.index("\n") + 1 : host.index("  (core module")]
    wrappers = []
    for interface, ours in INTERFACES.items():
        wrapper = Wrapper(interface, dict(ours), host)
        wrapper.read(declarations(host, interface))
        wrappers.append(wrapper.text())
    for marker, text in [("@IMPORTS@", imports), ("@CORE_MODULE@", module), ("@INTERFACES@", "".join(wrappers))]:
        if template.count(marker) != 1:
            raise Unexpected(marker)
        template = template.replace(marker, text)
    sys.stdout.write(template)


if __name__ == "__main__":
    main(*sys.argv[1:])
