public import Primitives

/// The packages that an image is made from: `image/packages.lock.json`.
///
/// Every package and every file taken from it is pinned by SHA-256, so that an image does not depend on the machine
/// that builds it. `scripts/image-packages` fetches them, and renews this file.
public struct ImageLock: Equatable, Sendable {
    /// Bytes of the file, at most.
    public static let maximumByteCount = 262_144
    static let maximumPackageCount = 64
    static let maximumFileCount = 256

    /// One Debian package.
    public struct Package: Equatable, Sendable {
        public let name: String
        public let version: String
        /// Of the package as Debian serves it.
        public let digest: SHA256Digest
        public let files: [File]
    }

    /// One file out of a package, decompressed where the package holds it compressed.
    public struct File: Equatable, Sendable {
        /// In the package.
        public let source: String
        public let destination: Destination
        public let digest: SHA256Digest
        public let byteCount: Int
    }

    /// Where a file goes.
    public enum Destination: Equatable, Sendable {
        /// Beside the initramfs: what the firmware starts.
        case kernel
        /// Into the initramfs. An absolute path there.
        case image(String)
        /// Beside the image: a kernel module that a trial alone loads. Its name without `.ko`.
        case trialModule(String)
    }

    public let packages: [Package]
    /// Kernel modules in the order in which they are loaded; each is `/lib/modules/NAME.ko` in the initramfs.
    public let modules: [String]
    /// Those that a trial loads besides, in order.
    public let trialModules: [String]
    /// SHA-256 over the canonical JSON: what this lock is called in an image's manifest.
    public let digest: SHA256Digest

    /// Every file, with the package that it is from.
    public var files: [File] { packages.flatMap(\.files) }

    /// Where a module lies in the initramfs.
    public static func modulePath(_ name: String) -> String { "/lib/modules/\(name).ko" }

    /// Decodes a lock file.
    ///
    /// - Parameter bytes: JSON, at most ``maximumByteCount`` bytes.
    /// - Throws: ``ImageFileError``, with the path of the value at fault.
    public init(decoding bytes: [UInt8]) throws(ImageFileError) {
        self = try JSONDocument.read(
            bytes, maximumByteCount: Self.maximumByteCount, orThrow: ImageFileError.document
        ) { reader throws(JSONShapeError) in
            try ImageLock(reader, digest: SHA256Digest(sha256: reader.value.canonicalBytes))
        }
        try requireComplete()
    }

    private init(_ reader: JSONReader, digest: SHA256Digest) throws(JSONShapeError) {
        var object = try reader.object()
        _ = try object.integer("version", in: 1...1)
        var packages: [Package] = []
        for entry in try object.array("packages", maximumCount: Self.maximumPackageCount) {
            packages.append(try Package(entry))
        }
        self.packages = packages
        modules = try object.moduleNames("modules")
        trialModules = try object.moduleNames("trialModules")
        self.digest = digest
        try object.finish()
    }

    /// One kernel, no destination twice, and each module that is loaded is there.
    private func requireComplete() throws(ImageFileError) {
        guard files.count(where: { $0.destination == .kernel }) == 1 else { throw .lock(.kernel) }
        for (index, file) in files.enumerated() {
            if files[..<index].contains(where: { $0.destination == file.destination }) {
                throw .lock(.destinationTwice(file.source))
            }
        }
        for name in modules where !files.contains(where: { $0.destination == .image(Self.modulePath(name)) }) {
            throw .lock(.noModule(name))
        }
        for name in trialModules where !files.contains(where: { $0.destination == .trialModule(name) }) {
            throw .lock(.noModule(name))
        }
    }
}

extension ImageLock.Package {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        name = try object.parsed("name", as: "the name of a Debian package", maximumByteCount: 100) {
            isMade($0, of: "abcdefghijklmnopqrstuvwxyz0123456789.+-") ? $0 : nil
        }
        version = try object.parsed("version", as: "the version of a Debian package", maximumByteCount: 100) {
            isMade($0, of: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-:~") ? $0 : nil
        }
        digest = try object.required("digest").digest()
        var files: [ImageLock.File] = []
        for entry in try object.array("files", maximumCount: ImageLock.maximumFileCount) {
            files.append(try ImageLock.File(entry))
        }
        self.files = files
        try object.finish()
    }
}

extension ImageLock.File {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        source = try object.parsed("from", as: "an absolute path", maximumByteCount: 255) {
            $0.hasPrefix("/") ? $0 : nil
        }
        destination = try object.parsed(
            "to", as: "\"kernel\", an absolute path, or \"trial:\" and a module", maximumByteCount: 255
        ) { ImageLock.Destination($0) }
        digest = try object.required("digest").digest()
        byteCount = try object.integer("byteCount", in: 1...Archive.maximumFileByteCount)
        try object.finish()
    }
}

extension ImageLock.Destination {
    /// `kernel`, an absolute path, or `trial:` and a module's name. Whether the path is plain, the archive says.
    fileprivate init?(_ text: String) {
        if text.hasSameBytes(as: "kernel") {
            self = .kernel
        } else if text.hasPrefix("/") {
            self = .image(text)
        } else if text.hasPrefix("trial:"), isModuleName(String(text.dropFirst(6))) {
            self = .trialModule(String(text.dropFirst(6)))
        } else {
            return nil
        }
    }
}

extension JSONObjectReader {
    fileprivate mutating func moduleNames(_ name: String) throws(JSONShapeError) -> [String] {
        var names: [String] = []
        for entry in try array(name, maximumCount: 64) {
            names.append(
                try entry.parsed(as: "a kernel module's name", maximumByteCount: 64) { isModuleName($0) ? $0 : nil })
        }
        return names
    }
}

/// A name that can be a file's.
func isModuleName(_ text: String) -> Bool {
    isMade(text, of: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") && text.utf8.count <= 64
}

/// Whether `text` has at least one character, and no others than these of ASCII.
private func isMade(_ text: String, of characters: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { characters.utf8.contains($0) }
}
