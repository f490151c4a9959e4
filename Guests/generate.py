"""Swift bindings for one WIT world: `generate.py WORLD < wit.json > Bindings.swift`.

Reads what `wasm-tools component wit --json` prints. Each imported interface becomes an enum with
static functions, each exported one a protocol that the guest's `enum Guest` conforms to.
Names are WIT's in Swift's spelling; an interface of a `wasi:` package carries the package's name.
What it does not know (futures, streams, char, exported resources, ...) it refuses with a sentence.
"""

import json
import re
import sys

# WIT's primitive types: in Swift, and as a core WebAssembly parameter.
PRIMITIVES = {
    "bool": ("Bool", "i32"), "string": ("String", None), "f32": ("Float", "f32"), "f64": ("Double", "f64"),
    "u8": ("UInt8", "i32"), "u16": ("UInt16", "i32"), "u32": ("UInt32", "i32"), "u64": ("UInt64", "i64"),
    "s8": ("Int8", "i32"), "s16": ("Int16", "i32"), "s32": ("Int32", "i32"), "s64": ("Int64", "i64"),
}
CORE = {"i32": "Int32", "i64": "Int64", "f32": "Float", "f64": "Double"}
KEYWORDS = set("""as associatedtype break case catch class continue default defer deinit do else enum extension false
    fileprivate for func guard if import in init inout internal is let nil operator private protocol public repeat
    rethrows return self static struct subscript super switch throw throws true try typealias var where while""".split())
MAXIMUM_SLOTS = 16


class Refusal(Exception):
    pass


def upper(name):
    return "".join(word[0].upper() + word[1:] for word in name.split("-"))


def plain(name):
    """The Swift name without backticks, for a place where any word may stand."""
    camel = upper(name)
    return camel[0].lower() + camel[1:]


def lower(name):
    return f"`{plain(name)}`" if plain(name) in KEYWORDS else plain(name)


def comment(item, indent=""):
    text = item.get("docs", {}).get("contents") or ""
    return [f"{indent}/// {line}".rstrip() for line in text.strip().splitlines()]


class Types:
    """What a WIT type is in Swift, and which core parameters it takes."""

    def __init__(self, wit):
        self.types, self.interfaces, self.packages = wit["types"], wit["interfaces"], wit["packages"]
        self.tuple_sizes = set()

    def resolve(self, type):
        """Follows aliases: a primitive's name or a type's number."""
        while isinstance(type, int) and isinstance(self.types[type]["kind"], dict) and "type" in self.types[type]["kind"]:
            type = self.types[type]["kind"]["type"]
        return type

    def kind(self, type):
        """The kind's word and its content."""
        type = self.resolve(type)
        if isinstance(type, str):
            return type, None
        kind = self.types[type]["kind"]
        return (kind, None) if isinstance(kind, str) else next(iter(kind.items()))

    def namespace(self, interface):
        package = self.packages[self.interfaces[interface]["package"]]["name"].split("@")[0]
        name = upper(self.interfaces[interface]["name"])
        return upper(package.split(":")[1]) + name if package.startswith("wasi:") else name

    def module(self, interface):
        package, _, version = self.packages[self.interfaces[interface]["package"]]["name"].partition("@")
        return f"{package}/{self.interfaces[interface]['name']}" + (f"@{version}" if version else "")

    def swift(self, type):
        word, content = self.kind(type)
        if word in PRIMITIVES:
            return PRIMITIVES[word][0]
        if word in ("record", "variant", "enum", "flags", "resource"):
            entry = self.types[self.resolve(type)]
            return f"{self.namespace(entry['owner']['interface'])}.{upper(entry['name'])}"
        if word == "list":
            return f"[{self.swift(content)}]"
        if word == "option":
            return f"{self.swift(content)}?"
        if word == "handle":
            return self.swift(next(iter(content.values())))
        if word == "tuple":
            self.tuple_sizes.add(len(content["types"]))
            return f"Tuple{len(content['types'])}<{', '.join(map(self.swift, content['types']))}>"
        if word == "result":
            return f"Result<{self.success(content)}, {self.failure(content)}>"
        raise Refusal(f"a type of the kind '{word}' is not supported")

    def success(self, result):
        return "Nothing" if result["ok"] is None else self.swift(result["ok"])

    def failure(self, result):
        if result["err"] is None:
            return "Failed"
        word, _ = self.kind(result["err"])
        if word == "string":
            return "Failure"
        if word not in ("record", "variant", "enum"):
            raise Refusal(f"an error of the kind '{word}' is not supported: give it a name of its own")
        return self.swift(result["err"])

    def flat(self, type):
        """The core types that the canonical ABI flattens a value to."""
        word, content = self.kind(type)
        if word in ("string", "list"):
            return ["i32", "i32"]
        if word in PRIMITIVES:
            return [PRIMITIVES[word][1]]
        if word in ("enum", "flags", "handle"):
            return ["i32"]
        if word == "record":
            return [core for field in content["fields"] for core in self.flat(field["type"])]
        if word == "tuple":
            return [core for part in content["types"] for core in self.flat(part)]
        cases = {
            "option": lambda: [None, content],
            "result": lambda: [content["ok"], content["err"]],
            "variant": lambda: [case["type"] for case in content["cases"]],
        }
        if word not in cases:
            raise Refusal(f"a type of the kind '{word}' is not supported")
        joined = []
        for payload in cases[word]():
            for index, core in enumerate([] if payload is None else self.flat(payload)):
                if index == len(joined):
                    joined.append(core)
                elif joined[index] != core:
                    joined[index] = "i32" if {joined[index], core} == {"i32", "f32"} else "i64"
        return ["i32"] + joined

    def gives_away(self, type):
        """Whether the value holds a resource that its receiver would own."""
        word, content = self.kind(type)
        if word == "handle":
            return "own" in content
        inner = {
            "list": lambda: [content], "option": lambda: [content], "tuple": lambda: content["types"],
            "record": lambda: [field["type"] for field in content["fields"]],
            "variant": lambda: [case["type"] for case in content["cases"]],
            "result": lambda: [content["ok"], content["err"]],
        }
        return any(self.gives_away(part) for part in inner.get(word, list)() if part is not None)


class Function:
    """One function of an interface: its Swift signature and its core parameters."""

    def __init__(self, types, function):
        self.types, self.wit_name, self.docs = types, function["name"], function
        kind = function["kind"]
        self.is_method = isinstance(kind, dict) and "method" in kind
        if isinstance(kind, dict) and not ({"method", "static"} & set(kind)):
            raise Refusal(f"{self.wit_name}: functions of this kind are not supported")
        self.is_static = not self.is_method
        self.name = lower(self.wit_name.split(".")[-1])
        self.parameters = [(lower(p["name"]), p["type"]) for p in function["params"]]
        self.core = [core for _, type in self.parameters for core in types.flat(type)]
        if len(self.core) > MAXIMUM_SLOTS:
            raise Refusal(f"{self.wit_name}: the parameters take more than {MAXIMUM_SLOTS} core values")
        self.returns = function.get("result")
        word, content = types.kind(self.returns) if self.returns is not None else (None, None)
        self.result = content if word == "result" else None
        self.core_result = types.flat(self.returns) if self.returns is not None else []

    def signature(self):
        visible = self.parameters[1:] if self.is_method else self.parameters
        listed = ", ".join(f"{'_ ' if i == 0 else ''}{n}: {self.types.swift(t)}" for i, (n, t) in enumerate(visible))
        throws = f" throws({self.types.failure(self.result)})" if self.result else ""
        value = self.result["ok"] if self.result else self.returns
        gives = f" -> {self.types.swift(value)}" if value is not None else ""
        return f"func {self.name}({listed}){throws}{gives}"


class Bindings:
    def __init__(self, wit, world_name):
        self.types = Types(wit)
        self.world = next((world for world in wit["worlds"] if world["name"] == world_name), None)
        if self.world is None:
            raise Refusal(f"there is no world '{world_name}'")
        self.lines, self.described, self.counter = [], set(), 0

    def text(self):
        for key, item in self.world["imports"].items():
            self.add_import(key, self.interface(key, item))
        for key, item in self.world["exports"].items():
            self.add_export(self.interface(key, item))
        for size in sorted(self.types.tuple_sizes):
            self.add_tuple(size)
        return "\n".join(["// Generated from WIT. Edit that instead."] + self.lines) + "\n"

    def interface(self, key, item):
        if "interface" not in item:
            raise Refusal(f"{key}: put functions and types of a world into an interface")
        return item["interface"]["id"]

    def add(self, *lines):
        self.lines += lines

    def unique(self, word):
        self.counter += 1
        return f"{word}_{self.counter}"

    # Types

    def describe(self, interface, imported):
        """The types of an interface, once, inside an enum that bears the interface's name."""
        if interface in self.described:
            return
        self.described.add(interface)
        entry = self.types.interfaces[interface]
        self.add("", *comment(entry), f"enum {self.types.namespace(interface)} {{}}")
        for name, number in entry["types"].items():
            word, content = self.types.kind(number)
            if self.types.resolve(number) != number or word not in ("record", "variant", "enum", "flags", "resource"):
                continue
            if word == "resource" and not imported:
                raise Refusal(f"{name}: exported resources are not supported")
            self.add("", f"extension {self.types.namespace(interface)} {{")
            self.add(*comment(self.types.types[number], "    "))
            getattr(self, f"add_{word}")(upper(name), content, interface, name)
            self.add("}")

    def add_fields(self, header, fields):
        """`fields` are names and Swift types."""
        layout = "Layout()" + "".join(f".followed(by: {swift}.layout)" for _, swift in fields)
        self.add(f"    {header} {{")
        self.add(*[f"        var {name}: {swift}" for name, swift in fields])
        self.add(f"        static var layout: Layout {{ {layout} }}")
        self.add(f"        init({', '.join(f'{name}: {swift}' for name, swift in fields)}) {{")
        self.add(*[f"            self.{name} = {name}" for name, _ in fields], "        }")
        self.add("        init(from reader: inout Reader) {")
        self.add(*[f"            self.{name} = reader.next()" for name, _ in fields], "        }")
        self.add("        func write(to writer: inout Writer) {")
        self.add(*[f"            writer.put(self.{name})" for name, _ in fields], "        }", "    }")

    def add_record(self, name, content, interface, wit_name):
        fields = [(lower(field["name"]), self.types.swift(field["type"])) for field in content["fields"]]
        self.add_fields(f"struct {name}: Canonical, Error", fields)

    def add_tuple(self, size):
        letters = [chr(ord("A") + index) for index in range(size)]
        generics = ", ".join(f"{letter}: Canonical" for letter in letters)
        self.add("")
        self.add_fields(f"struct Tuple{size}<{generics}>: Canonical", [(l.lower(), l) for l in letters])

    def add_enum(self, name, content, interface, wit_name):
        cases = [case["name"] for case in content["cases"]]
        if len(cases) > 256:
            raise Refusal(f"{wit_name}: more than 256 cases are not supported")
        self.add(f"    enum {name}: UInt8, Canonical, Error, CustomStringConvertible {{")
        self.add(*[f"        case {lower(case)}" for case in cases])
        self.add("        var description: String {", "            switch self {")
        self.add(*[f'            case .{plain(case)}: "{case}"' for case in cases], "            }", "        }", "    }")

    def add_flags(self, name, content, interface, wit_name):
        flags = [flag["name"] for flag in content["flags"]]
        if len(flags) > 32:
            raise Refusal(f"{wit_name}: more than 32 flags are not supported")
        raw = "UInt8" if len(flags) <= 8 else "UInt16" if len(flags) <= 16 else "UInt32"
        self.add(f"    struct {name}: OptionSet, Canonical {{", f"        let rawValue: {raw}")
        for bit, flag in enumerate(flags):
            self.add(f"        static var {lower(flag)}: Self {{ Self(rawValue: 1 << {bit}) }}")
        self.add("    }")

    def add_variant(self, name, content, interface, wit_name):
        cases = [(lower(case["name"]), case["type"]) for case in content["cases"]]
        if len(cases) > 256:
            raise Refusal(f"{wit_name}: more than 256 cases are not supported")
        layout = "Layout()" + "".join(f".or({self.types.swift(type)}.layout)" for _, type in cases if type is not None)
        self.add(f"    enum {name}: Canonical, Error {{")
        self.add(*[f"        case {case}" + ("" if t is None else f"({self.types.swift(t)})") for case, t in cases])
        self.add(f"        static var layout: Layout {{ {layout}.tagged }}")
        self.add("        init(from reader: inout Reader) {", "            switch reader.tag(of: Self.self) {")
        for tag, (case, type) in enumerate(cases):
            self.add(f"            case {tag}: self = .{case}" + ("" if type is None else "(reader.next())"))
        self.add('            default: preconditionFailure("no such case")', "            }", "        }")
        self.add("        func write(to writer: inout Writer) {", "            switch self {")
        for tag, (case, type) in enumerate(cases):
            self.add(f"            case .{case}{'' if type is None else '(let payload)'}:")
            self.add(f"                writer.put(tag: {tag}, of: Self.self)")
            self.add(*([] if type is None else ["                writer.put(payload)"]))
        self.add("            }", "        }", "    }")

    def add_resource(self, name, content, interface, wit_name):
        drop = self.unique("drop")
        self.add(f"    final class {name}: Canonical {{", "        private let number: Int32")
        self.add("        static var layout: Layout { Int32.layout }")
        self.add("        init(from reader: inout Reader) { number = reader.next() }")
        self.add("        func write(to writer: inout Writer) { writer.put(number) }")
        self.add(f"        deinit {{ {drop}(number) }}", "    }", "}", "")
        self.add(f'@_extern(wasm, module: "{self.types.module(interface)}", name: "[resource-drop]{wit_name}")')
        self.add("@_extern(c)", f"private func {drop}(_: Int32)", "", f"extension {self.types.namespace(interface)} {{")

    # Functions

    def add_import(self, key, interface):
        self.describe(interface, imported=True)
        entry, module, namespace = self.types.interfaces[interface], self.types.module(interface), self.types.namespace(interface)
        if not key.startswith("interface-"):
            # A link by a plain name has the interface's functions, under that name.
            module, namespace = key, upper(key)
            self.add("", *comment(entry), f"enum {namespace} {{}}")
        for function in entry["functions"].values():
            owner = namespace
            if isinstance(function["kind"], dict):
                owner += "." + upper(self.types.types[next(iter(function["kind"].values()))]["name"])
            self.add_imported(Function(self.types, function), module, owner)

    def add_imported(self, function, module, owner):
        types, core = self.types, self.unique("imported")
        if any(types.gives_away(type) for _, type in function.parameters):
            raise Refusal(f"{function.wit_name}: giving a resource away is not supported")
        through_memory = len(function.core_result) > 1
        parameters = function.core + (["i32"] if through_memory else [])
        arguments = [f"_call.slots.{type}({index})" for index, type in enumerate(function.core)]
        gives = f" -> {CORE[function.core_result[0]]}" if len(function.core_result) == 1 else ""
        self.add("", f'@_extern(wasm, module: "{module}", name: "{function.wit_name}")', "@_extern(c)")
        self.add(f"private func {core}({', '.join('_: ' + CORE[type] for type in parameters)}){gives}", "")
        self.add(f"extension {owner} {{", *comment(function.docs, "    "))
        self.add(f"    {'static ' if function.is_static else ''}{function.signature()} {{")
        binding = "var" if function.parameters else "let"
        self.add(f"        {binding} _call = ImportCall()")
        self.add(*[f"        _call.pass({name})" for name, _ in function.parameters])
        if function.returns is None:
            self.add(f"        {core}({', '.join(arguments)})", "        _call.end()")
        else:
            swift = types.swift(function.returns)
            if through_memory:
                self.add(f"        let _room = _call.room(for: {swift}.self)")
                self.add(f"        {core}({', '.join(arguments + ['_room'])})")
                self.add(f"        let _result = _call.result(at: _room, as: {swift}.self)")
            else:
                self.add("        var _slots = Slots()", f"        _slots.append({core}({', '.join(arguments)}))")
                self.add("        _call.end()", f"        let _result: {swift} = lift(_slots)")
            discard = "_ = " if function.result and function.result["ok"] is None else "return "
            self.add(f"        {discard}try _result.get()" if function.result else "        return _result")
        self.add("    }", "}")

    def add_export(self, interface):
        self.describe(interface, imported=False)
        entry, namespace = self.types.interfaces[interface], self.types.namespace(interface)
        functions = [Function(self.types, function) for function in entry["functions"].values()]
        self.add("", *comment(entry), f"protocol {namespace}Exports {{")
        for function in functions:
            self.add(*comment(function.docs, "    "), f"    static {function.signature()}")
        self.add("}")
        for function in functions:
            self.add_exported(function, self.types.module(interface), namespace)

    def add_exported(self, function, module, namespace):
        types, core = self.types, self.unique("exported")
        names = [f"slot{index}" for index in range(len(function.core))]
        listed = ", ".join(f"_ {name}: {CORE[type]}" for name, type in zip(names, function.core))
        through_memory = len(function.core_result) > 1
        gives = "Int32" if through_memory else CORE[function.core_result[0]] if function.core_result else None
        self.add("", f'@_expose(wasm, "{module}#{function.wit_name}")', f'@_cdecl("{core}")')
        self.add(f"public func {core}({listed}){f' -> {gives}' if gives else ''} {{")
        if names:
            self.add("    var slots = Slots()", *[f"    slots.append({name})" for name in names])
            self.add("    var reader = Reader(slots)")
        for index, (_, type) in enumerate(function.parameters):
            self.add(f"    let value{index}: {types.swift(type)} = reader.next()")
        labels = ["" if index == 0 else f"{name}: " for index, (name, _) in enumerate(function.parameters)]
        call = f"Guest.{function.name}({', '.join(f'{label}value{index}' for index, label in enumerate(labels))})"
        if function.result:
            failure, success = types.failure(function.result), types.success(function.result)
            self.add(f"    let result = Result<{success}, {failure}> {{ () throws({failure}) in")
            if function.result["ok"] is None:
                self.add(f"        try {call}", "        return Nothing()", "    }")
            else:
                self.add(f"        try {call}", "    }")
        else:
            self.add(f"    {'let result = ' if gives else ''}{call}")
        if through_memory:
            self.add("    return answer(result)", "}", "")
            self.add(f'@_expose(wasm, "cabi_post_{module}#{function.wit_name}")', f'@_cdecl("{core}_read")')
            self.add(f"public func {core}_read(_: Int32) {{ releaseResult() }}")
        else:
            self.add(*([f"    return lower(result).{function.core_result[0]}(0)"] if gives else []), "}")


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: generate.py WORLD < wit.json > Bindings.swift")
    try:
        sys.stdout.write(Bindings(json.load(sys.stdin), sys.argv[1]).text())
    except Refusal as refusal:
        sys.exit(f"guest bindings: error: {refusal}")


if __name__ == "__main__":
    main()
