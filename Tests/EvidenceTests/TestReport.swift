import Commitments
import Crypto
import Evidence
import Foundation
import Primitives

/// A report's bytes, open to change at the specification's offsets, signed at the end.
struct TestReport {
    var bytes: [UInt8]

    static let tcb: [UInt8] = [10, 0, 0, 0, 0, 0, 27, 88]

    /// A version 5 report by a Genoa that every rule of ``ReferenceValues/strict`` accepts.
    init() {
        bytes = [UInt8](repeating: 0, count: AttestationReport.byteCount)
        set(0x00, [5])
        set(0x04, [7])
        set(0x08, [0, 0, 0x13, 0])
        set(0x10, [UInt8](repeating: 0xF1, count: 16))
        set(0x20, [UInt8](repeating: 0xF2, count: 16))
        set(0x34, [1])
        set(0x38, Self.tcb)
        set(0x40, [0x25])
        set(0x48, [0x01])
        set(0x50, [UInt8](repeating: 0x5A, count: 64))
        set(0x90, [UInt8](repeating: 0xA5, count: 48))
        set(0xC0, [UInt8](repeating: 0xC0, count: 32))
        set(0xE0, [UInt8](repeating: 0xE0, count: 48))
        set(0x110, [UInt8](repeating: 0x11, count: 48))
        set(0x140, [UInt8](repeating: 0x14, count: 32))
        set(0x160, [UInt8](repeating: 0xFF, count: 32))
        set(0x180, Self.tcb)
        set(0x188, [0x19, 0x11, 0x01])
        set(0x1A0, Array(0..<64))
        set(0x1E0, Self.tcb)
        set(0x1E8, [49, 55, 1, 0, 49, 55, 1, 0])
        set(0x1F0, Self.tcb)
        set(0x1F8, [0x0B])
        set(0x200, [0x0B])
    }

    mutating func set(_ offset: Int, _ value: [UInt8]) {
        bytes.replaceSubrange(offset..<offset + value.count, with: value)
    }

    mutating func setEveryTCB(_ value: [UInt8]) {
        for offset in [0x38, 0x180, 0x1E0, 0x1F0] { set(offset, value) }
    }

    /// Takes the version down and empties what it did not have.
    mutating func setVersion(_ version: UInt8) {
        set(0x00, [version])
        if version < 5 { set(0x1F8, [UInt8](repeating: 0, count: 16)) }
        if version < 3 { set(0x188, [0, 0, 0]) }
    }

    func signed(by key: P384.Signing.PrivateKey = TestChain.reportKey) throws -> AttestationReport {
        var signed = self
        let signature = try key.signature(for: SHA384.hash(data: bytes[..<AttestationReport.signedByteCount]))
        let raw = [UInt8](signature.rawRepresentation)
        signed.set(0x2A0, raw[..<48].reversed())
        signed.set(0x2E8, raw[48...].reversed())
        return try AttestationReport(decoding: signed.bytes.span)
    }
}

/// The report, or `nil` for what is none.
func decodedReport(_ bytes: [UInt8]) -> AttestationReport? {
    do {
        return try AttestationReport(decoding: bytes.span)
    } catch {
        return nil
    }
}

extension ReferenceValues {
    /// What ``TestReport`` has, with nothing waived.
    static let strict: ReferenceValues = {
        var values = ReferenceValues.unasked
        values.platform = .simulated
        values.measurements = .value([FixedBytes(repeating: 0xA5)])
        values.hostData = .value(FixedBytes(repeating: 0xC0))
        values.reportData = .value(FixedBytes(repeating: 0x5A))
        values.minimumTCB = .value([
            .genoa: TCBFloor(fmc: 0, bootLoader: 9, tee: 0, snp: 23, microcode: 72),
            .turin: TCBFloor(fmc: 1, bootLoader: 1, tee: 1, snp: 4, microcode: 80),
        ])
        values.signingKeys = .value([.vcek])
        values.chips = .listed(chipIDs: Set([FixedBytes<64>(Array(0..<64))].compactMap(\.self)), providers: ["CN=csp"])
        values.vmpl = .value(0)
        let one: Set<GuestPolicyBit> = [.smt, .singleSocket]
        values.policy = BitRules { one.contains($0) ? .required : .forbidden }
        let set: Set<PlatformInfoBit> = [.smt, .ecc, .aliasCheck]
        values.platformInfo = BitRules { set.contains($0) ? .required : .forbidden }
        values.idKeys = .listed([FixedBytes(repeating: 0xE0)])
        values.authorKeys = .listed([FixedBytes(repeating: 0x11)])
        values.guestSVN = 7
        values.familyID = .value(FixedBytes(repeating: 0xF1))
        values.imageID = .value(FixedBytes(repeating: 0xF2))
        values.reportVersion = 3
        values.firmware = .value(FirmwareVersion(major: 1, minor: 55, build: 40))
        values.provisionalFirmware = .refused
        values.mitigations = .value(0x0A)
        return values
    }()
}
