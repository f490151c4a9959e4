public import Evidence
public import Platform
public import Primitives

/// Why an image was not built, or is not what it says.
public enum ImageError: Error, Equatable, Sendable {
    case archive(ArchiveError)
    case launch(LaunchError)
    case platform(PlatformError)
    case missing(String)
    case tooLarge(Int, maximum: Int)
    /// A VM of that memory cannot unpack the image.
    case memory(MiB: Int, least: Int)
    case differs(String, expected: SHA256Digest, found: SHA256Digest)
    case sizeDiffers(String, expected: Int)
    case measurementDiffers(String, expected: FixedBytes<48>, found: FixedBytes<48>)
    case noFirmware
}

extension ImageError: ExplainedError {
    public var code: String {
        switch self {
        case .archive(let error): error.code
        case .launch(let error): error.code
        case .platform(let error): error.code
        case .missing: "image.missing"
        case .tooLarge: "image.size"
        case .memory: "image.memory"
        case .differs, .sizeDiffers: "image.differs"
        case .measurementDiffers: "image.measurement"
        case .noFirmware: "image.firmware"
        }
    }

    public var message: String {
        switch self {
        case .archive(let error): error.message
        case .launch(let error): error.message
        case .platform(let error): error.message
        case .missing(let source): "\(source) of the lock is not there"
        case .tooLarge(let found, let maximum):
            "the initramfs has \(found) bytes, and at most \(maximum) are allowed"
        case .memory(let found, let least):
            "a VM of \(found) MiB does not hold this image, which takes \(least) MiB"
        case .differs(let name, let expected, let found):
            "\(name): expected \(expected.prefixed), found \(found.prefixed)"
        case .sizeDiffers(let name, let expected): "\(name) has not the \(expected) bytes that image.json says"
        case .measurementDiffers(let name, let expected, let found):
            "\(name): the image says measurement \(expected), and it is \(found)"
        case .noFirmware: "the image was built without firmware, so it has no launch measurement"
        }
    }

    public var hint: String? {
        switch self {
        case .archive(let error): error.hint
        case .launch(let error): error.hint
        case .platform(let error): error.hint
        case .missing: "scripts/image-packages brings it"
        case .memory(_, let least): "--memory \(least), and as much more as the manifest needs"
        case .tooLarge: "the programs may not be stripped; scripts/image-binaries makes them"
        case .differs, .sizeDiffers: "the file was changed or damaged; build the image or fetch the packages again"
        case .measurementDiffers: "image.json was changed; build the image again"
        case .noFirmware: "build it with --firmware, or measure it with --firmware and --vcpu-type"
        }
    }
}
