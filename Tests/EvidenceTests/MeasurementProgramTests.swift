import Evidence
import Foundation
import Primitives
import TestSupport
import Testing

/// Launches, measured here and by `sev-snp-measure` 0.0.13, which `scripts/setup --tests` fetches, on the same files.
@Suite("Launch measurements against another program")
struct MeasurementProgramTests {
    private static let program = """
        import json
        from sevsnpmeasure import guest, vcpu_types, vmm_types
        from sevsnpmeasure.sev_mode import SevMode
        for line in sys.stdin:
            case = json.loads(line)
            signature = vcpu_types.CPU_SIGS[case["type"]] if "type" in case else 0
            print(guest.calc_launch_digest(
                SevMode.SEV_SNP, case["count"], signature, case["firmware"], case.get("kernel"),
                case.get("initrd"), case.get("append"), case["features"], "", vmm_types.VMMType[case["vmm"]]).hex())

        """

    private struct Case: Encodable {
        var type: String?
        var count: Int
        var firmware: String
        var kernel: String?
        var initrd: String?
        var append: String?
        var features: UInt64
        var vmm: String
    }

    /// Every processor and monitor with every kernel, the rest drawn.
    private static func cases(in folder: URL) -> [Case] {
        let kernels: [(String?, String?, String?)] = [
            (nil, nil, nil), ("kernel", nil, nil), ("kernel", "initrd", "console=ttyS0 quiet"),
            ("kernel", "empty", "é"), ("empty", "initrd", nil),
        ]
        let monitors = VCPUType.all.map { ("QEMU", Optional($0.name)) } + [("ec2", nil), ("gce", nil)]
        var numbers = SeededNumbers(seed: 7)
        return monitors.filter { $0.1 == nil || theirs.contains($0.1 ?? "") }.flatMap { vmm, type in
            kernels.map { kernel, initrd, append in
                func path(_ name: String?) -> String? { name.map { folder.appending(path: $0).path } }
                return Case(
                    type: type, count: [1, 2, 3, 16, 255].randomElement(using: &numbers) ?? 1,
                    firmware: folder.appending(path: "firmware-\(Int.random(in: 0..<4, using: &numbers))").path,
                    kernel: path(kernel), initrd: path(initrd), append: append,
                    features: [0x1, 0x21, 0x3, UInt64(UInt32.max)].randomElement(using: &numbers) ?? 1, vmm: vmm)
            }
        }
    }

    /// The models that the other program knows.
    private static let theirs: Set = [
        "EPYC", "EPYC-v1", "EPYC-v2", "EPYC-IBPB", "EPYC-v3", "EPYC-v4", "EPYC-Rome", "EPYC-Rome-v1", "EPYC-Rome-v2",
        "EPYC-Rome-v3", "EPYC-Milan", "EPYC-Milan-v1", "EPYC-Milan-v2", "EPYC-Genoa", "EPYC-Genoa-v1", "EPYC-Turin",
    ]

    private static func firmware(_ number: Int) -> FirmwareFile {
        var file = FirmwareFile()
        file.pageCount = [2, 16, 64, 1024][number]
        if number == 1 { file.sections.append(.init(address: 0x82_0000, byteCount: 0x2000, type: 1)) }
        if number == 2 { file.sections.reverse() }
        if number == 3 { file.hashTableAddress = 0x81_0000 }
        return file
    }

    @Test("are the same for processors, kernels, firmware and monitors of every kind")
    func agree() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "2cvm-launch-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        for number in 0..<4 {
            try Data(Self.firmware(number).bytes).write(to: folder.appending(path: "firmware-\(number)"))
        }
        for name in ["kernel", "initrd", "empty"] {
            let content = name == "empty" ? Data() : Data(repeating: UInt8(name.utf8.count), count: 10_000)
            try content.write(to: folder.appending(path: name))
        }
        let cases = Self.cases(in: folder)
        let encoder = JSONEncoder()
        let input = try cases.map { String(decoding: try encoder.encode($0), as: UTF8.self) }
        let theirs = try ForeignProgram.python(Self.program, reading: input.joined(separator: "\n"))
        try #require(cases.count == 90 && theirs.count == cases.count)
        for (item, digest) in zip(cases, theirs) {
            #expect(try measured(item).description == digest, "\(item)")
        }
        #expect(Set(theirs).count > 80)
    }

    private func measured(_ item: Case) throws -> FixedBytes<48> {
        func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }
        let kernel = try item.kernel.map { kernel in
            try KernelHashes(
                kernel: SHA256Digest(sha256: try bytes(kernel)),
                initrd: try item.initrd.map { SHA256Digest(sha256: try bytes($0)) }, commandLine: item.append ?? "")
        }
        let hypervisor: Hypervisor =
            switch item.vmm {
            case "QEMU": .qemu(try #require(item.type.flatMap { VCPUType(named: $0) }))
            case "ec2": .ec2
            default: .gce
            }
        let processors = try VirtualProcessors(hypervisor, count: item.count, features: item.features)
        let firmware = try Firmware(decoding: try bytes(item.firmware))
        return try LaunchMeasurement(firmware: firmware, kernel: kernel, processors: processors).digest
    }
}
