import Evidence
import Foundation
import Image
import Primitives
import Testing

@Suite("A launch")
struct LaunchTests {
    private static let hostData = SHA256Digest(sha256: Array("manifest".utf8))

    private static func machine(_ profile: VirtualMachine.Profile) throws -> VirtualMachine {
        VirtualMachine(
            profile, boot: ("/i/vmlinuz", "/i/initramfs.cpio", "console=ttyS0 acpi=off"), memoryMiB: 1024,
            forwarding: try #require(VirtualMachine.Forwarding(address: "127.0.0.1", port: 7777)))
    }

    private static func confidential(hostData: SHA256Digest = hostData) throws -> VirtualMachine {
        let type = try #require(VCPUType(named: "EPYC-v4"))
        let policy = try #require(GuestPolicy(rawValue: ConfidentialLaunch.defaultPolicy))
        return try machine(
            .snp(
                ConfidentialLaunch(
                    firmwarePath: "/i/firmware.fd", processor: (type, .usual), policy: policy, hostData: hostData,
                    identity: nil)))
    }

    @Test("with SEV-SNP has this command line and no other")
    func confidential() throws {
        #expect(
            try Self.confidential().arguments == [
                "-accel", "kvm", "-cpu", "EPYC-v4", "-smp", "1", "-m", "1024", "-nodefaults", "-no-user-config",
                "-display", "none", "-no-reboot", "-machine",
                "q35,confidential-guest-support=sev0,memory-backend=ram1", "-object",
                "memory-backend-memfd,id=ram1,size=1024M,share=true,prealloc=false", "-object",
                "sev-snp-guest,id=sev0,cbitpos=51,reduced-phys-bits=1,policy=0x30000,kernel-hashes=on,host-data="
                    + Data(Self.hostData.bytes).base64EncodedString(),
                "-bios", "/i/firmware.fd", "-kernel", "/i/vmlinuz", "-initrd", "/i/initramfs.cpio", "-append",
                "console=ttyS0 acpi=off", "-serial", "stdio", "-netdev",
                "user,id=n0,restrict=on,hostfwd=tcp:127.0.0.1:7777-:8080", "-device",
                "virtio-net-pci,netdev=n0,romfile=,disable-legacy=on,iommu_platform=on",
            ])
    }

    @Test("that waits for its manifest has zero host data")
    func awaiting() throws {
        let zeros = SHA256Digest(repeating: 0)
        #expect(
            try Self.confidential(hostData: zeros).arguments.contains {
                $0.hasSuffix("host-data=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
            })
    }

    @Test("of a trial is interpreted, and by KVM only when asked")
    func trial() throws {
        let arguments = try Self.machine(.trial(usesKVM: false)).arguments
        #expect(arguments.prefix(4) == ["-accel", "tcg", "-cpu", "max"])
        #expect(!arguments.contains { $0.contains("kvm") || $0.contains("sev") })
        #expect(try Self.machine(.trial(usesKVM: true)).arguments.prefix(4) == ["-accel", "kvm", "-cpu", "host"])
    }

    @Test("is printed as a shell takes it")
    func shell() throws {
        let command = try Self.machine(.trial(usesKVM: false)).shellCommand()
        #expect(command.hasPrefix("qemu-system-x86_64 -accel tcg"))
        #expect(command.contains("-append 'console=ttyS0 acpi=off'"))
    }

    @Test(
        "forwards addresses of the fourth version alone",
        arguments: [
            "localhost", "::1", "127.0.0.1,hostfwd=x", "127.0.0", "256.0.0.1", "1.2.3.4.5", "01.2.3.4", "",
            "224.0.0.1", "255.255.255.255",
        ])
    func forwarding(_ address: String) {
        #expect(VirtualMachine.Forwarding(address: address, port: 1) == nil)
    }

    @Test("is refused by a machine that lacks something, and all of it is named")
    func obstacles() {
        let nothing = HostSurvey(
            processor: (false, false), devices: (false, false), kernelRelease: "6.1.0-cloud", qemu: nil)
        #expect(
            nothing.obstacles == [
                .processor, .kvmParameter, .device("/dev/kvm"), .device("/dev/sev"), .kernel(found: "6.1.0-cloud"),
                .qemu(found: nil),
            ])
        let refusal = LaunchRefusal(nothing.obstacles)
        #expect(refusal?.message.contains("sev_snp") == true && refusal?.message.contains("/dev/sev") == true)
        #expect(refusal?.hint?.contains("kvm_amd") == true && refusal?.hint?.contains("install QEMU") == true)
    }

    @Test(
        "needs the first releases that can",
        arguments: [
            ("6.12.0-1-amd64", "QEMU emulator version 10.0.2 (Debian)", 0), ("6.11", "QEMU emulator version 9.1.0", 0),
            ("6.10.9", "QEMU emulator version 9.1.0", 1), ("7.0.1", "QEMU emulator version 9.0.2", 1),
            ("", "", 2), ("garbage", "QEMU", 2), ("6.x", "version 10", 2),
            ("6.11", "qemu-system-x86_64 version 10.0", 1),
        ])
    func releases(_ kernel: String, _ qemu: String, _ count: Int) {
        let survey = HostSurvey(processor: (true, true), devices: (true, true), kernelRelease: kernel, qemu: qemu)
        #expect(survey.obstacles.count == count, "\(survey.obstacles)")
    }

    @Test("is refused without firmware that verifies, with ACPI, and with a measurement nobody lists")
    func image() throws {
        let folder = try ImageOnDisk(BuiltImageTests.build(ImageLock(decoding: LockTests.text())))
        let image = try VerifiedImage(folder.manifest, in: folder.url.path)
        let measurement = FixedBytes<48>(repeating: 1)
        #expect(
            image.obstacles(firmware: nil, measurement: measurement, listed: [])
                == [.noFirmware, .measurement(measurement)])
        #expect(image.obstacles(firmware: nil, measurement: measurement, listed: [measurement]) == [.noFirmware])

        let text = try String(decoding: folder.read("image.json"), as: UTF8.self)
        let withACPI = try ImageManifest(
            decoding: Array(text.replacingOccurrences(of: "acpi=off", with: "acpi=on").utf8))
        let other = try VerifiedImage(withACPI, in: folder.url.path)
        #expect(other.obstacles(firmware: nil, measurement: nil, listed: nil) == [.hostTables, .noFirmware])
    }
}

@Suite("An image's command line")
struct CommandLineTests {
    @Test("ignores the host's ACPI tables")
    func own() {
        #expect(KernelCommandLine.ignoresACPI(KernelCommandLine.text))
    }

    @Test(
        "is not believed to ignore them where a kernel may read something else",
        arguments: [
            "", "quiet", "acpi=off acpi=force", "acpi=force acpi=off", "quiet -- acpi=off", "a=\"b acpi=off\"",
            "acpi=off\u{A0}acpi=force", "acpi=off\tacpi=force", "xacpi=off", "acpi=offx",
        ])
    func others(_ text: String) {
        #expect(!KernelCommandLine.ignoresACPI(text))
    }
}

@Suite("A VM's console")
struct ConsoleTests {
    @Test("tells when the agent listens, in whatever pieces it comes")
    func announcement() {
        var console = VMConsole()
        for piece in ["boot\r\n2cvm-agent: lis", "tening on 0.0.0.0:80", "80"] {
            _ = console.take(Array(piece.utf8))
            #expect(!console.isListening)
        }
        #expect(console.take([0x0D, 0x0A]) == ["2cvm-agent: listening on 0.0.0.0:8080"])
        #expect(console.isListening)
    }

    @Test("never reaches a terminal as it is")
    func escaping() {
        var console = VMConsole()
        #expect(console.take([0x1B] + Array("[2J".utf8) + [0xFF, 0x07, 0x0A]) == ["\\x1b[2J\\xff\\x07"])
    }

    @Test("is cut where a line has no end")
    func length() {
        var console = VMConsole()
        #expect(console.take([UInt8](repeating: 0x61, count: 1 << 20)).isEmpty)
        let lines = console.take([0x0A])
        #expect(lines == [String(repeating: "a", count: VMConsole.maximumLineByteCount) + "..."])
        #expect(console.take(Array("b\n".utf8)) == ["b"])
    }
}

@Suite("A trial's archive")
struct TrialArchiveTests {
    @Test("replaces the first program and brings what it reads")
    func content() throws {
        let archive = try TrialArchive.make(
            TrialArchive.Content(
                program: [1], modules: [("cuse", [2])], measurement: FixedBytes(repeating: 3),
                hostData: SHA256Digest(repeating: 4), keys: [5]))
        #expect(
            archive.entries.map(\.path) == [
                "init", "trial", "trial/2cvm-trial", "trial/host-data", "trial/keys.json", "trial/measurement",
                "trial/modules", "trial/modules/cuse.ko", "trial/modules/order",
            ])
        #expect(archive.entries[0].content == .link(to: "/trial/2cvm-trial"))
        #expect(archive.entries[5].content == .file(Array((String(repeating: "03", count: 48) + "\n").utf8)))
        #expect(archive.entries[4].mode == 0o600)
    }
}
