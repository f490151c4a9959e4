import ArgumentParser
import Evidence
import Image
import Primitives
import Workbench

/// The firmware to measure a launch with, and the processors.
struct FirmwareOptions: ParsableArguments {
    @Option(help: "OVMF's AmdSev build, as the host maps it.", completion: .file())
    var firmware: String?

    @Option(
        help: ArgumentHelp("A processor model, as QEMU's -cpu spells it. Repeat it.", valueName: "type"),
        completion: .list(VCPUType.all.map(\.name)), transform: vcpuTypeArgument)
    var vcpuType: [VCPUType] = []

    @OptionGroup var features: GuestFeaturesOption

    func validate() throws {
        guard (firmware == nil) == vcpuType.isEmpty else {
            throw ValidationError("--firmware and --vcpu-type belong together: a measurement depends on both")
        }
        guard firmware != nil || features.guestFeatures == VirtualProcessors.defaultFeatures else {
            throw ValidationError("--guest-features goes with --firmware: without it nothing is measured anew")
        }
    }

    func choice() throws(CommandFailure) -> FirmwareChoice? {
        guard let firmware else { return nil }
        let processors: [VirtualProcessors]
        do {
            processors = try vcpuType.map { type throws(LaunchError) in
                try VirtualProcessors(
                    .qemu(type), count: VirtualMachine.processorCount, features: features.guestFeatures)
            }
        } catch {
            throw CommandFailure(error)
        }
        return try readFile(firmware, maximumByteCount: Firmware.maximumByteCount) {
            bytes throws(FirmwareError) in
            try FirmwareChoice(bytes, for: processors)
        }
    }
}

/// Which features of SEV a measured guest has.
struct GuestFeaturesOption: ParsableArguments {
    @Option(
        help: ArgumentHelp("SEV_FEATURES, hexadecimal. 0x1 is SNP alone.", valueName: "hex"),
        transform: hexadecimalNumber)
    var guestFeatures: UInt64 = VirtualProcessors.defaultFeatures
}

/// What a manifest's `measurements` must name, or why there is nothing yet.
func printMeasurements(_ measurements: [ImageManifest.Measurement]) {
    if measurements.isEmpty { print("measurement  none: SEV-SNP measures the firmware too; name it with --firmware") }
    for measurement in measurements {
        let features = String(measurement.guestFeatures, radix: 16)
        print(
            "measurement  \(measurement.digest), \(measurement.vcpus) x \(measurement.vcpuType.name), "
                + "features 0x\(features)")
    }
}

/// Hexadecimal digits with or without `0x`.
func hexadecimalNumber(_ text: String) throws(ValidationError) -> UInt64 {
    let digits = text.hasPrefix("0x") ? text.dropFirst(2) : Substring(text)
    guard let first = digits.first, first.isHexDigit, let number = UInt64(digits, radix: 16) else {
        throw ValidationError("expected hexadecimal digits such as 0x21, found \"\(text)\"")
    }
    return number
}

func vcpuTypeArgument(_ text: String) throws(ValidationError) -> VCPUType {
    guard let type = VCPUType(named: text) else {
        let names = VCPUType.all.map(\.name).joined(separator: ", ")
        throw ValidationError("expected a processor model as QEMU spells it (\(names)), found \"\(text)\"")
    }
    return type
}
