import AgentAPI
import Commitments
import Composition
import Evidence
import Formats
import Primitives

/// What this implementation makes of an input, for others to compare: `scripts/oracles` asks.
enum Answers {
    static let all: [String: @Sendable ([UInt8]) -> [UInt8]?] = [
        "json": { bytes in
            try? JSONValue(parsing: bytes, maximumByteCount: 1 << 16).canonicalBytes
        },
        "format": { bytes in released(bytes) },
        "certificate": { bytes in
            (try? Certificate(decoding: bytes)).map { certificate in
                text([
                    certificate.serialNumber.description, certificate.issuer.commonName, certificate.subject.commonName,
                    "\(certificate.validity.notBefore.unixSeconds)", "\(certificate.validity.notAfter.unixSeconds)",
                    certificate.publicKeyDigest.description, "\(certificate.authority.isAuthority)",
                ])
            }
        },
        "revocation-list": { bytes in
            (try? RevocationList(decoding: bytes)).map { list in
                text(
                    [list.issuer.commonName, "\(list.thisUpdate.unixSeconds)", "\(list.nextUpdate.unixSeconds)"]
                        + list.revoked.map(\.description).sorted())
            }
        },
        "component": { bytes in
            (try? ComponentBinary(decoding: bytes)).map { read in text(read.imports.map(\.name.description)) }
        },
        "firmware": { bytes in measured(bytes) },
        "http": { bytes in served(bytes) },
    ]

    private static func text(_ parts: [String]) -> [UInt8] { Array(parts.joined(separator: "\n").utf8) }

    /// A format, a zero byte, and content: what a gate without rules lets through.
    private static func released(_ bytes: [UInt8]) -> [UInt8]? {
        var input = InputReader(bytes)
        guard let value = try? JSONValue(parsing: input.text(), maximumByteCount: 1 << 16),
            let format = try? Format(JSONReader(value))
        else { return nil }
        let gate = Gate(format: format, rules: .none, maximumBytes: 1 << 16)
        return try? gate.release(input.all(), noise: nil).bytes
    }

    /// The requests that are accepted before one is refused: method, target, body.
    private static func served(_ bytes: [UInt8]) -> [UInt8]? {
        let requests = Requests(bytes, step: bytes.count + 1).accepted
        guard !requests.isEmpty else { return nil }
        return text(requests.map { "\($0.method) \($0.destination.target) \($0.body.hex) \($0.isWhole)" })
    }

    /// The launch digest of one page of firmware, for one processor and without a kernel.
    private static func measured(_ bytes: [UInt8]) -> [UInt8]? {
        guard let type = VCPUType(named: "EPYC-Milan"),
            let processors = try? VirtualProcessors(.qemu(type), count: 1),
            let firmware = try? Firmware(decoding: firmwarePage(bytes)),
            firmware.layout.sections.reduce(0, { $0 + Int($1.byteCount) }) <= 1 << 20
        else { return nil }
        return (try? LaunchMeasurement(firmware: firmware, kernel: nil, processors: processors))?.digest.bytes
    }
}

/// A page whose end is the input: where firmware has its tables.
func firmwarePage(_ bytes: [UInt8]) -> [UInt8] {
    [UInt8](repeating: 0, count: max(0, 4096 - bytes.count)) + bytes.suffix(4096)
}
