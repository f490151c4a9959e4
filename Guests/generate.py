"""Swift bindings for one WIT world: `generate.py WORLD < wit.json > Bindings.swift`.

An imported interface becomes an enum with static functions; an exported one a protocol that the
guest's own `enum Guest` conforms to. Names are WIT's in Swift's spelling, and an interface of a
`wasi:` package carries the package's name: `CliStdout`. docs/LANGUAGES.md has the rules.
What is not supported (char, futures, streams, exported resources, ...) is refused with a sentence.
"""

import json
import sys

from wit_types import NAMED_KINDS, Function, Refusal, Types, bare_value_name, type_name, value_name

CORE_TYPES = {"i32": "Int32", "i64": "Int64", "f32": "Float", "f64": "Double"}
MAXIMUM_CASES = 256


def documentation(item, indent=""):
    text = item.get("docs", {}).get("contents") or ""
    return [f"{indent}/// {line}".rstrip() for line in text.strip().splitlines()]


class Bindings:
    def __init__(self, wit, world):
        self.types = Types(wit)
        self.world = next((entry for entry in wit["worlds"] if entry["name"] == world), None)
        if self.world is None:
            raise Refusal(f"there is no world '{world}'; a guest's world bears its name")
        self.lines = ["// Generated from WIT: change that instead."]
        self.described, self.symbols = set(), 0

    def text(self):
        for key, item in self.world["imports"].items():
            self.add_import(key, self.interface(key, item))
        for key, item in self.world["exports"].items():
            self.add_export(self.interface(key, item))
        for size in sorted(self.types.tuple_sizes):
            self.add_tuple(size)
        return "\n".join(self.lines) + "\n"

    def interface(self, key, item):
        if "interface" not in item:
            raise Refusal(f"{key}: functions and types of a world are not supported, put them into an interface")
        return item["interface"]["id"]

    def add(self, text, indent=0):
        self.lines += [" " * indent + line if line else "" for line in text.splitlines()]

    def symbol(self, word):
        """A C name that nothing else has."""
        self.symbols += 1
        return f"{word}_{self.symbols}"

    # Types

    def describe(self, interface, imported):
        """An interface's types, once, inside an enum that bears the interface's name."""
        if interface in self.described:
            return
        self.described.add(interface)
        entry, namespace = self.types.interfaces[interface], self.types.namespace(interface)
        self.lines += ["", *documentation(entry), f"enum {namespace} {{}}"]
        for name, number in entry["types"].items():
            word, content = self.types.kind(number)
            if self.types.is_alias(number) or word not in NAMED_KINDS:
                continue
            if word == "resource" and not imported:
                raise Refusal(f"{name}: exported resources are not supported")
            body = self.add_drop(interface, name) if word == "resource" else content["kind"][word]
            self.lines += ["", f"extension {namespace} {{", *documentation(content, "    ")]
            getattr(self, f"add_{word}")(type_name(name), body)
            self.lines.append("}")

    def add_fields(self, declaration, fields, indent=0):
        """A struct of `fields`, each a Swift name and type."""
        self.add(f"{declaration} {{", indent)
        for name, swift in fields:
            self.add(f"var {name}: {swift}", indent + 4)
        layout = "Layout()" + "".join(f".followed(by: {swift}.layout)" for _, swift in fields)
        self.add(f"static var layout: Layout {{ {layout} }}", indent + 4)
        self.add(f"init({', '.join(f'{name}: {swift}' for name, swift in fields)}) {{", indent + 4)
        for name, _ in fields:
            self.add(f"self.{name} = {name}", indent + 8)
        self.add("}\ninit(from reader: inout Reader) {", indent + 4)
        for name, _ in fields:
            self.add(f"self.{name} = reader.next()", indent + 8)
        self.add("}\nfunc write(to writer: inout Writer) {", indent + 4)
        for name, _ in fields:
            self.add(f"writer.put(self.{name})", indent + 8)
        self.add("    }\n}", indent)

    def add_record(self, name, record):
        fields = [(value_name(field["name"]), self.types.swift(field["type"])) for field in record["fields"]]
        self.add_fields(f"struct {name}: Canonical, Error", fields, indent=4)

    def add_tuple(self, size):
        letters = [chr(ord("A") + index) for index in range(size)]
        parameters = ", ".join(f"{letter}: Canonical" for letter in letters)
        self.lines.append("")
        self.add_fields(
            f"struct Tuple{size}<{parameters}>: Canonical", [(letter.lower(), letter) for letter in letters]
        )

    def cases(self, name, entry):
        if len(entry["cases"]) > MAXIMUM_CASES:
            raise Refusal(f"{name}: more than {MAXIMUM_CASES} cases are not supported")
        return entry["cases"]

    def add_enum(self, name, enum):
        cases = [case["name"] for case in self.cases(name, enum)]
        self.add(f"enum {name}: UInt8, Canonical, Error, CustomStringConvertible {{", 4)
        for case in cases:
            self.add(f"case {value_name(case)}", 8)
        self.add("var description: String {\n    switch self {", 8)
        for case in cases:
            self.add(f'case .{bare_value_name(case)}: "{case}"', 12)
        self.add("        }\n    }\n}", 4)

    def add_variant(self, name, variant):
        cases = [(value_name(case["name"]), case["type"]) for case in self.cases(name, variant)]
        payloads = [self.types.swift(type) for _, type in cases if type is not None]
        self.add(f"enum {name}: Canonical, Error {{", 4)
        for case, type in cases:
            self.add(f"case {case}" + (f"({self.types.swift(type)})" if type is not None else ""), 8)
        layout = "Layout()" + "".join(f".or({payload}.layout)" for payload in payloads)
        self.add(f"static var layout: Layout {{ {layout}.tagged }}", 8)
        self.add("init(from reader: inout Reader) {\n    switch reader.tag(of: Self.self) {", 8)
        for tag, (case, type) in enumerate(cases):
            self.add(f"case {tag}: self = .{case}" + ("(reader.next())" if type is not None else ""), 12)
        self.add('    default: preconditionFailure("there is no such case")\n    }\n}', 8)
        self.add("func write(to writer: inout Writer) {\n    switch self {", 8)
        for tag, (case, type) in enumerate(cases):
            self.add(f"case .{case}" + ("(let payload):" if type is not None else ":"), 12)
            self.add(f"writer.put(tag: {tag}, of: Self.self)", 16)
            self.add("writer.put(payload)" if type is not None else "", 16)
        self.add("        }\n    }\n}", 4)

    def add_flags(self, name, flags):
        """WIT allows 32 flags at most."""
        names = [flag["name"] for flag in flags["flags"]]
        raw = "UInt8" if len(names) <= 8 else "UInt16" if len(names) <= 16 else "UInt32"
        self.add(f"struct {name}: OptionSet, Canonical {{\n    let rawValue: {raw}", 4)
        for bit, flag in enumerate(names):
            self.add(f"static var {value_name(flag)}: Self {{ Self(rawValue: 1 << {bit}) }}", 8)
        self.add("}", 4)

    def add_drop(self, interface, name):
        """Imports the function that gives a resource back; returns its Swift name."""
        drop = self.symbol("drop")
        self.add(f'\n@_extern(wasm, module: "{self.types.module(interface)}", name: "[resource-drop]{name}")')
        self.add(f"@_extern(c)\nprivate func {drop}(_: Int32)")
        return drop

    def add_resource(self, name, drop):
        """A reference that gives the resource back when nobody holds it any more."""
        self.add(f"final class {name}: Canonical {{", 4)
        self.add("private let number: Int32\nstatic var layout: Layout { Int32.layout }", 8)
        self.add("init(from reader: inout Reader) { number = reader.next() }", 8)
        self.add("func write(to writer: inout Writer) { writer.put(number) }", 8)
        self.add(f"deinit {{ {drop}(number) }}", 8)
        self.add("}", 4)

    # Functions

    def add_import(self, key, interface):
        self.describe(interface, imported=True)
        entry = self.types.interfaces[interface]
        module, namespace = self.types.module(interface), self.types.namespace(interface)
        if not key.startswith("interface-"):
            # An interface that is imported under a plain name: its functions are a namespace of their own.
            module, namespace = key, type_name(key)
            self.lines += ["", *documentation(entry), f"enum {namespace} {{}}"]
        for function in entry["functions"].values():
            function = Function(self.types, function)
            owner = namespace
            if function.resource is not None:
                owner += "." + type_name(self.types.types[function.resource]["name"])
            self.add_imported(function, module, owner)

    def add_imported(self, function, module, owner):
        """Locals have an underscore, which no name from WIT has."""
        types, core, returns = self.types, self.symbol("imported"), function.returns
        if any(types.gives_away(type) for _, type in function.parameters):
            raise Refusal(f"{function.wit_name}: giving a resource away is not supported")
        through_memory = len(function.core_result) > 1
        arguments = [f"_call.slots.{type}({index})" for index, type in enumerate(function.core)]
        arguments += ["_room"] if through_memory else []
        listed = ", ".join(f"_: {CORE_TYPES[type]}" for type in function.core + ["i32"] * through_memory)
        gives = f" -> {CORE_TYPES[function.core_result[0]]}" if len(function.core_result) == 1 else ""
        call = f"{core}({', '.join(arguments)})"

        self.add(f'\n@_extern(wasm, module: "{module}", name: "{function.wit_name}")')
        self.add(f"@_extern(c)\nprivate func {core}({listed}){gives}\n\nextension {owner} {{")
        self.lines += documentation(function.docs, "    ")
        self.add(("" if function.is_method else "static ") + function.signature + " {", 4)
        self.add(f"{'var' if function.parameters else 'let'} _call = ImportCall()", 8)
        for name, _ in function.parameters:
            self.add(f"_call.pass({name})", 8)
        if returns is None:
            self.add(f"{call}\n_call.end()", 8)
        elif through_memory:
            self.add(f"let _room = _call.room(for: {types.swift(returns)}.self)\n{call}", 8)
            self.add(f"let _result = _call.result(at: _room, as: {types.swift(returns)}.self)", 8)
        else:
            self.add(f"var _slots = Slots()\n_slots.append({call})\n_call.end()", 8)
            self.add(f"let _result: {types.swift(returns)} = lift(_slots)", 8)
        if function.result:
            self.add("_ = try _result.get()" if function.result["ok"] is None else "return try _result.get()", 8)
        elif returns is not None:
            self.add("return _result", 8)
        self.add("    }\n}")

    def add_export(self, interface):
        self.describe(interface, imported=False)
        entry, namespace = self.types.interfaces[interface], self.types.namespace(interface)
        functions = [Function(self.types, function) for function in entry["functions"].values()]
        self.lines += ["", *documentation(entry), f"protocol {namespace}Exports {{"]
        for function in functions:
            self.lines += documentation(function.docs, "    ")
            self.add(f"static {function.signature}", 4)
        self.add("}")
        for function in functions:
            self.add_exported(function, self.types.module(interface), f"{namespace}Exports")

    def add_result(self, function, protocol, core, arguments):
        """What a throwing function throws, as a value. The protocol throws even where the guest does not."""
        types, result = self.types, function.result
        listed = ", ".join(
            f"_ value{index}: {types.swift(type)}" for index, (_, type) in enumerate(function.parameters)
        )
        self.add(f"\nextension {protocol} {{")
        self.add(f"fileprivate static func {core}_result({listed}) -> {types.swift(function.returns)} {{", 4)
        self.add(f"Result {{ () throws({types.failure(result)}) in", 8)
        if result["ok"] is None:
            self.add(f"try {function.name}({arguments})\nreturn Nothing()", 12)
        else:
            self.add(f"try {function.name}({arguments})", 12)
        self.add("        }\n    }\n}")

    def add_exported(self, function, module, protocol):
        types, core = self.types, self.symbol("exported")
        through_memory = len(function.core_result) > 1
        listed = ", ".join(f"_ slot{index}: {CORE_TYPES[type]}" for index, type in enumerate(function.core))
        gives = "".join(f" -> {CORE_TYPES[type]}" for type in (["i32"] if through_memory else function.core_result))
        labels = [f"{name}: " if index else "" for index, (name, _) in enumerate(function.parameters)]
        arguments = ", ".join(f"{label}value{index}" for index, label in enumerate(labels))
        call = f"Guest.{function.name}({arguments})"
        if function.result:
            self.add_result(function, protocol, core, arguments)
            call = f"Guest.{core}_result({', '.join(f'value{index}' for index in range(len(labels)))})"

        self.add(f'\n@_expose(wasm, "{module}#{function.wit_name}")\n@_cdecl("{core}")')
        self.add(f"public func {core}({listed}){gives} {{")
        if function.parameters:
            self.add("var slots = Slots()", 4)
            for index in range(len(function.core)):
                self.add(f"slots.append(slot{index})", 4)
            self.add("var reader = Reader(slots)", 4)
        for index, (_, type) in enumerate(function.parameters):
            self.add(f"let value{index}: {types.swift(type)} = reader.next()", 4)
        self.add(f"let result = {call}" if gives else call, 4)
        if not through_memory:
            self.add((f"    return lower(result).{function.core_result[0]}(0)\n" if gives else "") + "}")
            return
        self.add(f'    return answer(result)\n}}\n\n@_expose(wasm, "cabi_post_{module}#{function.wit_name}")')
        self.add(f'@_cdecl("{core}_read")\npublic func {core}_read(_: Int32) {{ releaseResult() }}')


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: generate.py WORLD < wit.json > Bindings.swift")
    try:
        sys.stdout.write(Bindings(json.load(sys.stdin), sys.argv[1]).text())
    except Refusal as refusal:
        sys.exit(f"guests: error: {refusal}")


if __name__ == "__main__":
    main()
