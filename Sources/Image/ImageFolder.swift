internal import Platform
internal import Primitives

/// An image in a folder, under fixed names, so that its manifest names no file.
public enum ImageFolder {
    public static let manifestName = "image.json"
    public static let kernelName = "vmlinuz"
    public static let initramfsName = "initramfs.cpio"
    public static let firmwareName = "firmware.fd"
    /// What a module for trials is called.
    public static func trialModuleName(_ name: String) -> String { "trial-\(name).ko" }

    /// Every file of an image with what its manifest says of it.
    public static func files(of manifest: ImageManifest) -> [(name: String, record: ImageManifest.Record)] {
        var files = [(kernelName, manifest.kernel), (initramfsName, manifest.initramfs)]
        files += manifest.trialModules.map { (trialModuleName($0.name), $0.record) }
        if let firmware = manifest.firmware { files.append((firmwareName, firmware)) }
        return files
    }
}

/// An image in a folder, each of whose files is what the manifest says.
public struct VerifiedImage: Sendable {
    /// Where it lies.
    public let folder: String
    public let manifest: ImageManifest

    /// Hashes every file of the folder.
    ///
    /// - Throws: ``ImageError/differs(_:expected:found:)`` and ``ImageError/sizeDiffers(_:expected:)`` for the first
    ///   file that is not what the manifest says.
    public init(_ manifest: ImageManifest, in folder: String) throws(ImageError) {
        for (name, record) in ImageFolder.files(of: manifest) {
            let (found, byteCount) = try Self.digest(of: folder + "/" + name, maximumByteCount: record.byteCount)
            guard found == record.digest else { throw .differs(name, expected: record.digest, found: found) }
            guard byteCount == record.byteCount else { throw .sizeDiffers(name, expected: record.byteCount) }
        }
        self.manifest = manifest
        self.folder = folder
    }

    /// Of a file that is longer than it may be only the beginning is hashed: it differs already.
    private static func digest(
        of path: String, maximumByteCount: Int
    ) throws(ImageError) -> (digest: SHA256Digest, byteCount: Int) {
        do throws(PlatformError) {
            let file = try RegularFile(path: path)
            var hasher = SHA256Hasher()
            var offset = 0
            while offset <= maximumByteCount {
                let piece = try file.read(upTo: 1 << 20, at: offset)
                if piece.isEmpty { break }
                offset += piece.count
                hasher.update(piece)
            }
            return (hasher.finalize(), offset)
        } catch {
            throw .platform(error)
        }
    }

    /// The path of one of its files.
    public func path(_ name: String) -> String { folder + "/" + name }
}
