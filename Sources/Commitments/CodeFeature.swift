/// A part of WebAssembly that the engine leaves off unless a component's entry asks for it.
public enum CodeFeature: String, CaseIterable, Equatable, Sendable {
    /// Exception handling: tags, `throw` and `try_table`. Garbage-collected types stay off.
    case exceptions
}
