package import Commitments
package import Composition
package import Platform
internal import Primitives

/// Joins components, or says why they cannot be joined.
package func composed(_ manifest: Manifest, of admitted: [AdmittedComponent]) throws(CommandFailure) -> ComposedBinary {
    do {
        return try compose(manifest, of: admitted)
    } catch {
        throw CommandFailure(error)
    }
}

/// A file that shall be a component of a manifest.
package struct ComponentFile {
    package let path: String
    package let component: Component
    package let file: RegularFile

    /// What comes through a pipe; the format's own bound.
    private static let maximumByteCount = 1 << 28

    package init(_ path: String, of component: Component) throws(CommandFailure) {
        self.path = path
        self.component = component
        file = try openFile(path, upTo: Self.maximumByteCount)
    }

    /// Compares the file with its entry in the manifest: the bytes, then what they import, export and need.
    package func admitted(under manifest: Manifest) throws(CommandFailure) -> AdmittedComponent {
        let binary: [UInt8]
        do {
            binary = try file.read(upTo: component.maximumBytes + 1, at: 0)
        } catch {
            throw CommandFailure(error)
        }
        do {
            return try admit(binary, as: component, under: manifest)
        } catch AdmissionError.tooLarge(let name, _, let maximum) {
            throw CommandFailure(try oversize(name, maximum), in: path)
        } catch {
            throw CommandFailure(error, in: path)
        }
    }

    /// A file that is longer than its entry allows is another one than was agreed on, and told as such. Only if it is
    /// the very one does the manifest contradict itself.
    private func oversize(_ name: Name, _ maximum: Int) throws(CommandFailure) -> AdmissionError {
        var hasher = SHA256Hasher()
        let found = try readPieces(of: file) { piece, _ in hasher.update(piece) }
        let digest = hasher.finalize()
        guard digest == component.digest else {
            return .digestDiffers(name, expected: component.digest, found: digest)
        }
        return .tooLarge(name, found: found, maximum: maximum)
    }
}
