import ArgumentParser
import Commitments
import Composition
import Platform
import Primitives

/// Components at hand, held against the manifest as a session will.
struct ComponentOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A component's file.", valueName: "name=file"), completion: .file())
    var component: [Assignment] = []

    /// The files by name.
    func files(under manifest: Manifest) throws(CommandFailure) -> [Name: String] {
        try Assignment.unique(component, among: manifest.components.map(\.name), option: "--component")
    }

    /// Refuses what a session of the manifest would refuse, once everyone had signed and some had submitted.
    ///
    /// - Returns: the components that fit, in the manifest's order.
    func admit(under manifest: Manifest) throws(CommandFailure) -> [Name] {
        let files = try files(under: manifest)
        var admitted: [AdmittedComponent] = []
        for component in manifest.components {
            guard let path = files[component.name] else { continue }
            admitted.append(try ComponentFile(path, of: component).admitted(under: manifest))
        }
        // Whether they fit each other shows only when all of them are there.
        if admitted.count == manifest.components.count { _ = try composed(manifest, of: admitted) }
        return admitted.map(\.component.name)
    }
}

/// Joins components, or says why they cannot be joined.
func composed(_ manifest: Manifest, of admitted: [AdmittedComponent]) throws(CommandFailure) -> ComposedBinary {
    do {
        return try compose(manifest, of: admitted)
    } catch {
        throw CommandFailure(error)
    }
}

/// A file that shall be a component of a manifest.
struct ComponentFile {
    let path: String
    let component: Component
    let file: RegularFile

    /// What comes through a pipe; the format's own bound.
    private static let maximumByteCount = 1 << 28

    init(_ path: String, of component: Component) throws(CommandFailure) {
        self.path = path
        self.component = component
        file = try openFile(path, upTo: Self.maximumByteCount)
    }

    /// Compares the file with its entry in the manifest: the bytes, then what they import, export and need.
    func admitted(under manifest: Manifest) throws(CommandFailure) -> AdmittedComponent {
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
