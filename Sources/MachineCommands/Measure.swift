import ArgumentParser
import CommandOptions
import Evidence
import Platform
import Primitives
import Workbench

/// Groups measuring. Without a subcommand it measures a launch.
struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Recompute what SEV-SNP measures of a launch, and sign it for the firmware.",
        discussion: """
            Example: 2cvm measure --firmware OVMF.fd --vcpus 4 --vcpu-type EPYC-v4

            `2cvm measure launch --help` lists the options of measuring.
            """,
        subcommands: [MeasureLaunch.self, IDBlockCommand.self], defaultSubcommand: MeasureLaunch.self)
}

struct MeasureLaunch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "launch",
        abstract: "Print the launch measurement of these files.",
        discussion: """
            The measurement is what a report's MEASUREMENT must be, and what a manifest lists. It depends on the \
            number of virtual processors and, under QEMU, on their model; EC2 and GCE start all models alike.

            A kernel needs firmware that verifies it, such as OVMF's AmdSev build. Without --kernel the firmware is \
            measured alone.

            Example: 2cvm measure --firmware OVMF.amdsev.fd --kernel vmlinuz --initrd initramfs.cpio \
            --append "console=ttyS0" --vcpus 4 --vcpu-type EPYC-v4
            """)

    /// Far above any kernel or initramfs that firmware would load.
    private static let maximumFileByteCount = 16 << 30

    @Option(help: "OVMF, as the host maps it.", completion: .file())
    var firmware: String

    @Option(help: "The kernel that the host passes to the firmware.", completion: .file())
    var kernel: String?

    @Option(help: "The initramfs.", completion: .file())
    var initrd: String?

    @Option(help: ArgumentHelp("The kernel's command line.", valueName: "text"))
    var append: String?

    @Option(help: ArgumentHelp("How many virtual processors.", valueName: "count"))
    var vcpus: Int

    @Option(
        help: ArgumentHelp("Their model, as QEMU's -cpu spells it: EPYC-v4, EPYC-Genoa.", valueName: "type"),
        completion: .list(VCPUType.all.map(\.name)), transform: vcpuTypeArgument)
    var vcpuType: VCPUType?

    @OptionGroup var features: GuestFeaturesOption

    @Option(help: "Who starts the guest: \(Monitor.allValueStrings.joined(separator: ", ")).")
    var vmm: Monitor = .qemu

    @Flag(help: "Print JSON.")
    var json = false

    /// Who starts a guest.
    enum Monitor: String, CaseIterable, ExpressibleByArgument {
        case qemu, ec2, gce
    }

    func validate() throws {
        if kernel == nil, initrd != nil { throw ValidationError("--initrd needs --kernel") }
        if kernel == nil, append != nil { throw ValidationError("--append needs --kernel") }
        if vmm == .qemu, vcpuType == nil { throw ValidationError("--vcpu-type is needed with QEMU") }
    }

    func run() throws {
        let firmware = try readFile(
            firmware, maximumByteCount: Firmware.maximumByteCount, as: Firmware.init(decoding:))
        if firmware.layout.sections.isEmpty, !json {
            printError("2cvm: note: this firmware is not built for SEV-SNP, and QEMU would not launch it so")
        }
        let (hashes, measurement) = try measure(firmware)
        if json {
            printJSON(value(firmware, hashes, measurement))
        } else {
            print(measurement.digest)
        }
    }

    private var hypervisor: Hypervisor {
        switch (vmm, vcpuType) {
        case (.qemu, let type?): .qemu(type)
        case (.ec2, _): .ec2
        case (.gce, _): .gce
        case (.qemu, nil): preconditionFailure("validated before")
        }
    }

    private func measure(_ firmware: Firmware) throws(CommandFailure) -> (KernelHashes?, LaunchMeasurement) {
        var digests: (kernel: SHA256Digest, initrd: SHA256Digest?)?
        if let kernel { digests = (try digest(of: kernel), try initrd.map(digest)) }
        do throws(LaunchError) {
            let processors = try VirtualProcessors(hypervisor, count: vcpus, features: features.guestFeatures)
            var hashes: KernelHashes?
            if let digests {
                hashes = try KernelHashes(
                    kernel: digests.kernel, initrd: digests.initrd, commandLine: append ?? "")
            }
            return (hashes, try LaunchMeasurement(firmware: firmware, kernel: hashes, processors: processors))
        } catch {
            throw CommandFailure(error)
        }
    }

    private func digest(of path: String) throws(CommandFailure) -> SHA256Digest {
        try hashFile(path, maximumByteCount: Self.maximumFileByteCount).digest
    }

    private func value(_ firmware: Firmware, _ hashes: KernelHashes?, _ measurement: LaunchMeasurement) -> JSONValue {
        var members = [
            JSONMember("measurement", .string(measurement.digest.description)),
            JSONMember("firmwareDigest", .string(firmware.pagesDigest.description)),
            JSONMember("vmm", .string(vmm.rawValue)), JSONMember("vcpus", .integer(vcpus)),
            JSONMember("guestFeatures", .string("0x" + String(features.guestFeatures, radix: 16))),
            JSONMember("builtForSNP", .bool(!firmware.layout.sections.isEmpty)),
        ]
        if let vcpuType { members.append(JSONMember("vcpuType", .string(vcpuType.name))) }
        if let hashes {
            members += [
                JSONMember("kernel", .string(hashes.kernel.prefixed)),
                JSONMember("initrd", .string(hashes.initrd.prefixed)),
                JSONMember("commandLine", .string(hashes.commandLine.prefixed)),
            ]
        }
        return .object(members)
    }
}
