import Evidence
import Primitives
import Testing

@Suite("Launch measurements")
struct MeasurementLaunchTests {
    private static let features: UInt64 = 0x21

    private func kernel(initrd: Bool, _ commandLine: String) throws -> KernelHashes {
        try KernelHashes(
            kernel: SHA256Digest(sha256: Array("kernel".utf8)),
            initrd: initrd ? SHA256Digest(sha256: Array("initrd".utf8)) : nil, commandLine: commandLine)
    }

    private func qemu(_ name: String) throws -> Hypervisor {
        .qemu(try #require(VCPUType(named: name)))
    }

    private func digest(
        _ processors: VirtualProcessors, _ kernel: KernelHashes? = nil, file: FirmwareFile = FirmwareFile()
    ) throws -> String {
        let firmware = try Firmware(decoding: file.bytes)
        return try LaunchMeasurement(firmware: firmware, kernel: kernel, processors: processors).digest.description
    }

    // The values are those of sev-snp-measure 0.0.13 for the same file.
    @Test("equals another implementation's under QEMU")
    func knownAnswersQEMU() throws {
        #expect(
            try digest(VirtualProcessors(qemu("EPYC-v4"), count: 1))
                == "38a60d555fe037dc9bab5181cd588908b31288b6141f908cf5d456897d7498a5"
                + "18c3a878b811b5effe26fa1f50abf3f0")
        let full = try kernel(initrd: true, "console=ttyS0")
        #expect(
            try digest(VirtualProcessors(qemu("EPYC-Genoa"), count: 4), full)
                == "f15f935ed962f0dc64b4e957b45cb71675d1f87b3b5e66e7160746970d2ed5e2"
                + "64c4e2a3d24979cdb8183582842440c6")
        #expect(
            try digest(VirtualProcessors(qemu("EPYC-Turin"), count: 4, features: Self.features), full)
                == "5cc89d2f609a37f13a8f3a53f6924d283b8518af705d703b0a4beac49d2af828"
                + "c1bb606611ed3bde3cde74656070e465")
        #expect(
            try digest(VirtualProcessors(qemu("EPYC-Milan"), count: 2), try kernel(initrd: false, ""))
                == "d91d75cd16665b7cca7fa591e6188b6ca173ec74305370d30dd9863d7dfa369b"
                + "006c3d0e276632326468449a0153371f")
    }

    @Test("equals another implementation's under EC2 and Google Compute Engine")
    func knownAnswersClouds() throws {
        #expect(
            try digest(VirtualProcessors(.ec2, count: 3))
                == "3ca4e070c1c743d8f0f1b3850cbe8097162d143034eb809e7ff6d08dd7993e2e"
                + "5b714ae753e50cc24e1882af6c07c5a1")
        #expect(
            try digest(VirtualProcessors(.gce, count: 3), try kernel(initrd: false, ""))
                == "343128ca8faf91886f4ef49b5a61fbb86a432bf7bafa174709defdec200d262b"
                + "6ba5321b2ec1fdedb46543f79489b68c")
    }

    @Test("differs with each part of a launch")
    func differsWithEachPart() throws {
        let type = try qemu("EPYC-Genoa")
        let full = try kernel(initrd: true, "console=ttyS0")
        var larger = FirmwareFile()
        larger.pageCount = 3
        let digests = [
            try digest(VirtualProcessors(type, count: 2), full),
            try digest(VirtualProcessors(type, count: 3), full),
            try digest(VirtualProcessors(type, count: 2, features: 0x3), full),
            try digest(VirtualProcessors(qemu("EPYC-Milan"), count: 2), full),
            try digest(VirtualProcessors(.ec2, count: 2), full),
            try digest(VirtualProcessors(.gce, count: 2), full),
            try digest(VirtualProcessors(type, count: 2)),
            try digest(VirtualProcessors(type, count: 2), kernel(initrd: false, "console=ttyS0")),
            try digest(VirtualProcessors(type, count: 2), kernel(initrd: true, "console=ttyS1")),
            try digest(VirtualProcessors(type, count: 2), full, file: larger),
        ]
        #expect(Set(digests).count == digests.count)
    }

    @Test("refuses processor counts that no launch has", arguments: [Int.min, -1, 0, 1025, Int.max])
    func refusesCounts(_ count: Int) {
        #expect(throws: LaunchError.vcpuCount(found: count)) { try VirtualProcessors(.ec2, count: count) }
    }

    @Test("measures as many processors as it allows")
    func measuresMany() throws {
        #expect(try digest(VirtualProcessors(.ec2, count: 1024)).count == 96)
    }

    @Test("refuses a kernel that the firmware would not verify")
    func refusesUnverifiedKernel() throws {
        var file = FirmwareFile()
        file.sections.removeAll { $0.type == 0x10 }
        let processors = try VirtualProcessors(.ec2, count: 1)
        #expect(throws: LaunchError.noKernelHashesSection) {
            try digest(processors, kernel(initrd: false, ""), file: file)
        }
        #expect(try digest(processors, file: file).count == 96)
    }

    @Test(
        "refuses a table of kernel hashes that leaves its page",
        arguments: [nil, 0, 0x80_FFFF, 0x81_0F51, 0x81_1000, UInt32.max])
    func refusesMisplacedTable(_ address: UInt32?) throws {
        var file = FirmwareFile()
        file.hashTableAddress = address
        let processors = try VirtualProcessors(.ec2, count: 1)
        #expect(throws: LaunchError.hashTableMisplaced) {
            try digest(processors, kernel(initrd: false, ""), file: file)
        }
        #expect(try digest(processors, file: file).count == 96)
    }

    @Test("refuses further processors where the firmware does not say where they start")
    func refusesNoResetAddress() throws {
        var file = FirmwareFile()
        file.resetAddress = nil
        #expect(throws: LaunchError.noResetAddress) { try digest(VirtualProcessors(.ec2, count: 2), file: file) }
        #expect(try digest(VirtualProcessors(.ec2, count: 1), file: file).count == 96)
    }

    @Test("refuses a command line that Linux would cut or the host could not pass")
    func refusesCommandLines() throws {
        #expect(throws: LaunchError.commandLineTooLong(found: 2048)) {
            try kernel(initrd: false, String(repeating: "a", count: 2048))
        }
        #expect(throws: LaunchError.commandLineHasNUL) { try kernel(initrd: false, "console=ttyS0\0init=/bin/sh") }
        _ = try kernel(initrd: false, String(repeating: "a", count: 2047))
    }

    @Test(
        "knows a processor model by QEMU's spelling only",
        arguments: ["", "epyc", "EPYC-", "EPYC-v0", "EPYC-v6", "EPYC-Milan-v4", "EPYC-Turin-v2", "host", "EPYC\u{301}"])
    func refusesOtherNames(_ name: String) {
        #expect(VCPUType(named: name) == nil)
    }

    @Test(
        "computes a model's signature as CPUID does",
        arguments: [
            ("EPYC-v4", 0x80_0F12), ("EPYC-IBPB", 0x80_0F12), ("EPYC-Rome-v2", 0x83_0F10), ("EPYC-Milan", 0xA0_0F11),
            ("EPYC-Genoa-v1", 0xA1_0F10), ("EPYC-Turin", 0xB0_0F00),
        ])
    func signatures(_ name: String, _ signature: UInt32) {
        #expect(VCPUType(named: name)?.signature == signature)
    }
}
