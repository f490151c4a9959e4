public import Primitives

/// A runtime's component with its core module imported instead of contained: small, and compiled in no time, where the
/// module was compiled beforehand.
///
/// Nobody signs a twin: a manifest pins the component, and the twin is that component in all other bytes
/// (``component(containing:)``). No other binary may import a module.
public struct RuntimeTwin: Sendable {
    /// What the twin imports its module as.
    static let importName = "runtime-module"

    public let bytes: [UInt8]
    public let notice: RuntimeNotice
    let binary: ComponentBinary
    /// The module's type, as the content of a section of core types.
    let moduleType: [UInt8]
    /// The two sections in the place of the module: its type and its import.
    private let place: Range<Int>

    /// Reads a twin.
    ///
    /// - Throws: ``RuntimeError``
    public init(decoding bytes: [UInt8]) throws(RuntimeError) {
        let sections = try Self.sections(of: bytes)
        guard let last = sections.last, last.id == 0, let content = Self.content(of: last, in: bytes) else {
            throw .withoutNotice
        }
        do {
            notice = try RuntimeNotice(decoding: content)
        } catch {
            throw .notice(error)
        }
        guard let type = sections.firstIndex(where: { $0.id == 3 }), type + 1 < sections.count,
            Array(bytes[sections[type + 1].content]) == Self.moduleImport, sections[type + 1].id == 10
        else { throw .withoutImport }
        do {
            binary = try ComponentBinary(decoding: bytes, importing: notice)
        } catch {
            throw .unreadable(error)
        }
        self.bytes = bytes
        moduleType = Array(bytes[sections[type].content])
        place = sections[type].whole.lowerBound..<sections[type + 1].whole.upperBound
    }

    /// The component that this is the twin of.
    public func component(containing module: [UInt8]) -> [UInt8] {
        var component: [UInt8] = []
        component.reserveCapacity(bytes.count + module.count + 8)
        component += bytes[..<place.lowerBound]
        component.append(1)
        component.appendUnsigned(module.count)
        component += module
        return component + bytes[place.upperBound...]
    }

    /// One import: a name, and the first core type, as a module's.
    private static let moduleImport: [UInt8] =
        [1, 0, UInt8(importName.utf8.count)] + Array(importName.utf8) + [0x00, 0x11, 0]

    private struct Section {
        let id: UInt8
        let whole: Range<Int>
        let content: Range<Int>
    }

    private static func sections(of bytes: [UInt8]) throws(RuntimeError) -> [Section] {
        guard bytes.starts(with: Preamble.magic + Preamble.component) else { throw .unreadable(.notWebAssembly) }
        var cursor = ByteCursor(bytes)
        var sections: [Section] = []
        do {
            try cursor.skip(8)
            while !cursor.isAtEnd {
                let start = cursor.offset
                try cursor.spend(1, at: start)
                let id = try cursor.byte()
                let size = try cursor.size()
                let content = try cursor.skip(size.contentByteCount)
                sections.append(Section(id: id, whole: start..<cursor.offset, content: content))
            }
        } catch {
            throw .unreadable(error)
        }
        return sections
    }

    /// What a custom section of the notice's name holds.
    private static func content(of section: Section, in bytes: [UInt8]) -> [UInt8]? {
        let name = [UInt8(RuntimeNotice.section.utf8.count)] + Array(RuntimeNotice.section.utf8)
        let content = bytes[section.content]
        return content.starts(with: name) ? Array(content.dropFirst(name.count)) : nil
    }
}

/// Why bytes are no twin of a runtime.
public enum RuntimeError: Error, Equatable, Sendable {
    /// The last section does not say what the runtime contains.
    case withoutNotice
    case notice(DocumentError)
    /// There is no module to import, or it stands elsewhere.
    case withoutImport
    case unreadable(ComponentReadingError)
}

extension RuntimeError: ExplainedError {
    public var code: String {
        switch self {
        case .withoutNotice: "runtime.notice.missing"
        case .notice(let error): "runtime.notice.\(error.code)"
        case .withoutImport: "runtime.import"
        case .unreadable(let error): "runtime.\(error.code)"
        }
    }

    public var message: String {
        switch self {
        case .withoutNotice: "the component does not say at its end what it contains"
        case .notice(let error): "what the component says of its content is not readable: \(error.message)"
        case .withoutImport: "expected one core module to be imported, right behind its type"
        case .unreadable(let error): error.message
        }
    }

    public var hint: String? { "make the package again with scripts/python-runtime" }
}
