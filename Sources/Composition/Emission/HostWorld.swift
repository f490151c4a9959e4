/// The whole list of what any component can ever reach of the host.
///
/// Its binary is a component of types, imports and aliases alone. Those sections open every composed
/// binary unchanged, so that index 0 means the same in both.
public struct HostWorld: Sendable {
    /// The imports in order, versions included. Each is an instance, whose index is its place here.
    let imports: [ExternName]
    /// Without the preamble.
    let sections: ArraySlice<UInt8>

    /// The names of the imports in order, versions included.
    public var names: [String] { imports.map(\.description) }

    /// Reads a host world.
    ///
    /// - Throws: ``CompositionError/resource(_:)`` where it holds anything else than types, instance
    ///   imports and aliases of types.
    package init(decoding bytes: [UInt8]) throws(CompositionError) {
        let binary: ComponentBinary
        do {
            binary = try ComponentBinary(decoding: bytes)
            for id in try Self.sectionIDs(of: bytes) where ![6, 7, 10].contains(id) {
                throw ComponentReadingError.unknownByte(.section, offset: 0, found: id)
            }
        } catch {
            throw .resource("hostworld.wasm")
        }
        guard binary.instanceIndexCount == binary.imports.count,
            binary.imports.allSatisfy({ $0.kind == .instance })
        else { throw .resource("hostworld.wasm") }
        imports = binary.imports.map(\.name)
        sections = bytes[8...]
    }

    private static func sectionIDs(of bytes: [UInt8]) throws(ComponentReadingError) -> [UInt8] {
        var cursor = ByteCursor(bytes)
        var ids: [UInt8] = []
        try cursor.skip(8)
        while !cursor.isAtEnd {
            ids.append(try cursor.byte())
            try cursor.skip(try cursor.unsigned())
        }
        return ids
    }
}
