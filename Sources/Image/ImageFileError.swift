public import Primitives

/// Why bytes are not a lock file or an image's manifest.
public enum ImageFileError: Error, Equatable, Sendable {
    case document(DocumentError)
    case lock(LockFault)
    case commandLine

    /// What a lock file lacks, though each of its values is of the right form.
    public enum LockFault: Equatable, Sendable {
        case kernel
        case destinationTwice(String)
        case noModule(String)
    }
}

extension ImageFileError: PositionedError {
    public var position: TextPosition? {
        if case .document(let error) = self { error.position } else { nil }
    }

    public var code: String {
        switch self {
        case .document(let error): "image.file." + error.code
        case .lock: "image.lock.incomplete"
        case .commandLine: "image.file.command-line"
        }
    }

    public var message: String {
        switch self {
        case .document(let error): error.message
        case .lock(.kernel): "expected exactly one file to be the kernel"
        case .lock(.destinationTwice(let source)): "\(source) goes where another file goes already"
        case .lock(.noModule(let name)): "no file is the module \(name), which is to be loaded"
        case .commandLine: "expected a kernel's command line of printable ASCII, 2047 bytes at most"
        }
    }

    public var hint: String? {
        switch self {
        case .document(let error): error.hint
        case .lock: "`scripts/image-packages --renew` writes the lock file"
        case .commandLine: nil
        }
    }
}
