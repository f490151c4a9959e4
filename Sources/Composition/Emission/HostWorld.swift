/// The whole list of what any component can ever reach of the host.
///
/// Its bytes are the sections of a component of types, imports and aliases alone, without a
/// preamble. They open every composed binary unchanged, so that index 0 means the same in both.
public struct HostWorld: Sendable {
    /// The imports in order, versions included. Each is an instance, whose index is its place here.
    let imports: [ExternName]
    let sections: [UInt8]
    /// Types of its index space.
    let typeCount: Int

    /// The names of the imports in order, versions included.
    public var names: [String] { imports.map(\.description) }

    /// Reads the sections of a host world.
    ///
    /// - Throws: ``CompositionError/resource(_:)`` where they hold anything else than types, instance
    ///   imports and aliases of types.
    package init(sections: [UInt8]) throws(CompositionError) {
        let binary: ComponentBinary
        do {
            for id in try Self.sectionIDs(of: sections) where ![6, 7, 10].contains(id) {
                throw ComponentReadingError.unknownByte(.section, offset: 0, found: id)
            }
            binary = try ComponentBinary(decoding: Preamble.magic + Preamble.component + sections)
        } catch {
            throw .resource("host-world.prefix")
        }
        guard binary.instanceIndexCount == binary.imports.count,
            binary.imports.allSatisfy({ $0.kind == .instance })
        else { throw .resource("host-world.prefix") }
        imports = binary.imports.map(\.name)
        self.sections = sections
        typeCount = binary.typeSources.count
    }

    private static func sectionIDs(of sections: [UInt8]) throws(ComponentReadingError) -> [UInt8] {
        var cursor = ByteCursor(sections)
        var ids: [UInt8] = []
        while !cursor.isAtEnd {
            ids.append(try cursor.byte())
            try cursor.skip(try cursor.unsigned())
        }
        return ids
    }
}
