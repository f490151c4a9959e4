internal import Commitments
internal import Composition
internal import Execution
internal import Lifecycle
internal import Primitives

/// Why nothing could be composed: for those who provide the components that it is about, and for nobody else.
struct Notice: Equatable, Sendable {
    /// UTF-8, within what an outputs stream has room for.
    let text: [UInt8]
    let recipients: Set<Name>

    init(_ error: AdmissionError, under manifest: Manifest) {
        self.init(error, about: [error.component], under: manifest)
    }

    /// `nil` where the error is about no component.
    init?(_ error: CompositionError, under manifest: Manifest) {
        switch error {
        case .missing(let name), .unexpected(let name), .unserved(let name, _), .exportMissing(let name, _),
            .typesTooLarge(let name, _), .cycle(let name), .runtimesDiffer(let name):
            self.init(error, about: [name], under: manifest)
        case .versionsDiffer(let importer, _, let exporter, _), .versionUnstated(let importer, let exporter, _):
            self.init(error, about: [importer, exporter], under: manifest)
        case .tooManyInstances, .tooManyModules, .resource: return nil
        }
    }

    private init(_ error: some ExplainedError, about components: Set<Name>, under manifest: Manifest) {
        recipients = Set(manifest.components.filter { components.contains($0.name) }.map(\.provider))
        let words = ([error.message] + (error.hint.map { [$0] } ?? [])).joined(separator: "\n")
        // Names in it come from a component. A person will read it on a terminal.
        text = Self.cut(Array(escaped(Array(words.utf8)).utf8), to: OutputsIndex.maximumNoticeByteCount)
    }

    /// The longest beginning that does not end within a character.
    private static func cut(_ text: [UInt8], to count: Int) -> [UInt8] {
        guard text.count > count else { return text }
        var end = count
        while end > 0, text[end] & 0xC0 == 0x80 { end -= 1 }
        return Array(text[..<end])
    }
}
