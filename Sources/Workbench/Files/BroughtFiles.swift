package import Commitments
package import Primitives

/// What one participant brings to a manifest: the file of each slot, and the salt of what is pinned.
///
/// `manifest new --sql` writes it, so that later commands need not be told.
package struct BroughtFiles {
    package private(set) var components: [Assignment] = []
    package private(set) var data: [Assignment] = []
    package private(set) var salts: [Assignment] = []

    private static let maximumByteCount = 1 << 20
    private static let maximumPathByteCount = 4096

    package init() {}

    package mutating func add(component name: Name, file: String) {
        components.append(Assignment(name: name.description, value: file))
    }

    package mutating func add(data name: Name, file: String, salt: FixedBytes<32>?) {
        data.append(Assignment(name: name.description, value: file))
        if let salt { salts.append(Assignment(name: name.description, value: salt.description)) }
    }

    /// Leaves out what is not kept.
    package mutating func keep(_ isKept: (_ name: String, _ isData: Bool) -> Bool) {
        components.removeAll { !isKept($0.name, false) }
        data.removeAll { !isKept($0.name, true) }
        salts.removeAll { !isKept($0.name, true) }
    }
}

// MARK: - The file

extension BroughtFiles {
    package init(_ path: String) throws(CommandFailure) {
        self = try readFile(path, maximumByteCount: Self.maximumByteCount) { bytes throws(BroughtFilesError) in
            try JSONDocument.read(bytes, maximumByteCount: Self.maximumByteCount, orThrow: BroughtFilesError.init) {
                reader throws(JSONShapeError) in
                try BroughtFiles(reader)
            }
        }
    }

    private init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        for entry in try object.required("components").array(maximumCount: 1024) {
            var entry = try entry.object()
            components.append(try Self.file(&entry))
            try entry.finish()
        }
        for entry in try object.required("data").array(maximumCount: 1024) {
            var entry = try entry.object()
            let file = try Self.file(&entry)
            data.append(file)
            if let salt = entry.optional("salt") {
                let value = try salt.parsed(as: "64 hexadecimal digits") { FixedBytes<32>(hex: $0) }
                salts.append(Assignment(name: file.name, value: value.description))
            }
            try entry.finish()
        }
        try object.finish()
    }

    private static func file(_ entry: inout JSONObjectReader) throws(JSONShapeError) -> Assignment {
        let name = try entry.required("name").parsed(as: "a name") { Name($0) }
        let file = try entry.required("file").parsed(as: "a path that begins with /") { text in
            text.hasPrefix("/") && text.utf8.count <= maximumPathByteCount ? text : nil
        }
        return Assignment(name: name.description, value: file)
    }

    package var json: JSONValue {
        [
            "version": 1,
            "components": .array(components.map { ["name": .string($0.name), "file": .string($0.value)] }),
            "data": .array(
                data.map { entry in
                    let salt = salts.first { $0.name == entry.name }.map { [JSONMember("salt", .string($0.value))] }
                    return .object(
                        [JSONMember("name", .string(entry.name)), JSONMember("file", .string(entry.value))]
                            + (salt ?? []))
                }),
        ]
    }
}

/// Why a file does not say what somebody brings.
package struct BroughtFilesError: Error {
    let document: DocumentError
}

extension BroughtFilesError: CommandFault, PositionedError {
    package var status: ExitStatus { .unreadable }
    package var position: TextPosition? { document.position }
    package var code: String { "files.\(document.code)" }
    package var message: String { document.message }
    package var hint: String? { document.hint ?? "`2cvm manifest new --sql` writes such a file" }
}
