public import Primitives

/// Why a file is not firmware that SEV-SNP can launch. Offsets are those of the file.
public enum FirmwareError: Error, Equatable, Sendable {
    case wrongSize(found: Int)
    case noFooterTable(offset: Int)
    case badTableSize(Int, offset: Int)
    case badEntrySize(Int, offset: Int)
    case duplicateEntry(GUID, offset: Int)
    case badMetadataOffset(offset: Int)
    case badMetadata(String, offset: Int)
    case section(SectionFault, offset: Int)

    /// What is wrong with one section of the SEV metadata.
    public enum SectionFault: String, Sendable {
        case unknownType = "has a type that this release does not know"
        case unaligned = "does not begin on a page's boundary"
        case wrongSize = "has a size that its type does not allow"
        case tooLarge = "makes all sections together larger than 64 MiB"
        case overlap = "overlaps another section or the firmware itself"
    }
}

extension FirmwareError: ExplainedError {
    public var code: String {
        switch self {
        case .wrongSize: "evidence.firmware.size"
        case .noFooterTable, .badTableSize, .badEntrySize, .duplicateEntry: "evidence.firmware.table"
        case .badMetadataOffset, .badMetadata: "evidence.firmware.metadata"
        case .section: "evidence.firmware.section"
        }
    }

    public var message: String {
        switch self {
        case .wrongSize(let found):
            "expected firmware in whole pages of 4096 bytes, 16 MiB at most, found \(found) bytes"
        case .noFooterTable(let offset): "there is no OVMF footer table at offset \(hexOffset(offset))"
        case .badTableSize(let size, let offset):
            "the footer table at offset \(hexOffset(offset)) cannot have \(size) bytes"
        case .badEntrySize(let size, let offset):
            "the footer table's entry at offset \(hexOffset(offset)) cannot have \(size) bytes"
        case .duplicateEntry(let guid, let offset):
            "the footer table names \(guid) twice, again at offset \(hexOffset(offset))"
        case .badMetadataOffset(let offset):
            "the SEV metadata that offset \(hexOffset(offset)) points to lies outside the file"
        case .badMetadata(let field, let offset):
            "the SEV metadata's \(field) at offset \(hexOffset(offset)) is not one that this release knows"
        case .section(let fault, let offset): "the section at offset \(hexOffset(offset)) \(fault.rawValue)"
        }
    }

    public var hint: String? {
        switch self {
        case .wrongSize, .noFooterTable: "pass OVMF's code, or code and variables joined, and not the variables alone"
        default: nil
        }
    }
}

private func hexOffset(_ offset: Int) -> String { "0x" + String(offset, radix: 16) }
