"""What WIT's types and functions are in Swift, and which core WebAssembly values they take.

The input is what `wasm-tools component wit --json` prints: types, interfaces and packages refer to
each other by number.
"""

# A primitive's Swift type, and the core type of a parameter.
PRIMITIVES = {
    "bool": ("Bool", "i32"),
    "u8": ("UInt8", "i32"),
    "u16": ("UInt16", "i32"),
    "u32": ("UInt32", "i32"),
    "u64": ("UInt64", "i64"),
    "s8": ("Int8", "i32"),
    "s16": ("Int16", "i32"),
    "s32": ("Int32", "i32"),
    "s64": ("Int64", "i64"),
    "f32": ("Float", "f32"),
    "f64": ("Double", "f64"),
}
NAMED_KINDS = ("record", "variant", "enum", "flags", "resource")
KEYWORDS = frozenset(
    """
    as associatedtype break case catch class continue default defer deinit do else enum extension false
    fileprivate for func guard if import in init inout internal is let nil operator private protocol
    public repeat rethrows return self static struct subscript super switch throw throws true try
    typealias var where while
""".split()
)
MAXIMUM_PARAMETERS = 16


class Refusal(Exception):
    """One sentence for the guest's author."""


def type_name(name):
    return "".join(word[0].upper() + word[1:] for word in name.split("-"))


def bare_value_name(name):
    """For a place where keywords may stand, such as after a dot."""
    name = type_name(name)
    return name[0].lower() + name[1:]


def value_name(name):
    name = bare_value_name(name)
    return f"`{name}`" if name in KEYWORDS else name


class Types:
    def __init__(self, wit):
        self.types, self.interfaces, self.packages = wit["types"], wit["interfaces"], wit["packages"]
        self.tuple_sizes = set()

    def kind(self, type):
        """The word for a type's kind and what belongs to it. Aliases are followed."""
        if isinstance(type, str):
            return type, None
        kind = self.types[type]["kind"]
        if isinstance(kind, str):
            return kind, self.types[type]
        word, content = next(iter(kind.items()))
        if word == "type":
            return self.kind(content)
        return word, self.types[type] if word in NAMED_KINDS else content

    def is_alias(self, type):
        kind = self.types[type]["kind"]
        return isinstance(kind, dict) and "type" in kind

    def module(self, interface):
        """The name under which a core module imports or exports the interface's functions."""
        package, _, version = self.packages[self.interfaces[interface]["package"]]["name"].partition("@")
        return f"{package}/{self.interfaces[interface]['name']}" + (f"@{version}" if version else "")

    def namespace(self, interface):
        """The Swift enum that holds an interface's types and functions."""
        package, _, name = self.module(interface).partition("@")[0].partition("/")
        return (type_name(package.split(":")[1]) if package.startswith("wasi:") else "") + type_name(name)

    def swift(self, type):
        word, content = self.kind(type)
        if word in PRIMITIVES:
            return PRIMITIVES[word][0]
        if word in NAMED_KINDS:
            return f"{self.namespace(content['owner']['interface'])}.{type_name(content['name'])}"
        if word == "string":
            return "String"
        if word == "list":
            return f"[{self.swift(content)}]"
        if word == "option":
            return f"{self.swift(content)}?"
        if word == "handle":
            return self.swift(next(iter(content.values())))
        if word == "tuple":
            self.tuple_sizes.add(len(content["types"]))
            return f"Tuple{len(content['types'])}<{', '.join(self.swift(part) for part in content['types'])}>"
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
            raise Refusal(f"an error of the kind '{word}' is not supported: make it a record, a variant or an enum")
        return self.swift(result["err"])

    def parts(self, type):
        """The types that a compound type is made of; `None` for a case without a payload."""
        word, content = self.kind(type)
        if word == "record":
            return [field["type"] for field in content["kind"]["record"]["fields"]]
        if word == "variant":
            return [case["type"] for case in content["kind"]["variant"]["cases"]]
        if word == "tuple":
            return content["types"]
        if word == "result":
            return [content["ok"], content["err"]]
        return [None, content] if word == "option" else [content] if word == "list" else []

    def flat(self, type):
        """The core types that a value takes as parameters (CanonicalABI.md, "Flattening")."""
        word, _ = self.kind(type)
        if word in PRIMITIVES:
            return [PRIMITIVES[word][1]]
        if word in ("enum", "flags", "handle"):
            return ["i32"]
        if word in ("string", "list"):
            return ["i32", "i32"]
        if word in ("record", "tuple"):
            return [core for part in self.parts(type) for core in self.flat(part)]
        if word not in ("option", "result", "variant"):
            raise Refusal(f"a type of the kind '{word}' is not supported")
        payload = []
        for part in self.parts(type):
            for index, core in enumerate(self.flat(part) if part is not None else []):
                if index == len(payload):
                    payload.append(core)
                elif payload[index] != core:
                    payload[index] = "i32" if {payload[index], core} == {"i32", "f32"} else "i64"
        return ["i32"] + payload

    def gives_away(self, type):
        """Whether the receiver of the value would own a resource with it."""
        word, content = self.kind(type)
        if word == "handle":
            return "own" in content
        return any(self.gives_away(part) for part in self.parts(type) if part is not None)


class Function:
    """A function of an interface, as Swift declares it and as core WebAssembly does."""

    def __init__(self, types, function):
        kind = function["kind"]
        word, self.resource = next(iter(kind.items())) if isinstance(kind, dict) else (kind, None)
        if word not in ("freestanding", "method", "static"):
            raise Refusal(f"{function['name']}: a function of the kind '{word}' is not supported")
        self.types, self.wit_name, self.docs = types, function["name"], function
        self.is_method = word == "method"
        self.name = value_name(self.wit_name.split(".")[-1])
        self.parameters = [(value_name(parameter["name"]), parameter["type"]) for parameter in function["params"]]
        if self.is_method:
            self.parameters[0] = ("self", self.parameters[0][1])
        self.core = [core for _, type in self.parameters for core in types.flat(type)]
        if len(self.core) > MAXIMUM_PARAMETERS:
            raise Refusal(f"{self.wit_name}: the parameters take more than {MAXIMUM_PARAMETERS} core values")
        self.returns = function.get("result")
        self.core_result = [] if self.returns is None else types.flat(self.returns)
        word, content = (None, None) if self.returns is None else types.kind(self.returns)
        self.result = content if word == "result" else None

    @property
    def signature(self):
        """Without `static`. The first parameter has no label, the others have WIT's names."""
        visible = self.parameters[1:] if self.is_method else self.parameters
        listed = [f"{name}: {self.types.swift(type)}" for name, type in visible]
        listed[:1] = [f"_ {first}" for first in listed[:1]]
        throws = f" throws({self.types.failure(self.result)})" if self.result else ""
        value = self.result["ok"] if self.result else self.returns
        gives = "" if value is None else f" -> {self.types.swift(value)}"
        return f"func {self.name}({', '.join(listed)}){throws}{gives}"
