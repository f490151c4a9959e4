import ArgumentParser
import CommandOptions
import Evidence
import Image
import Platform
import Primitives
import Workbench

struct ImageMeasure: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Recompute an image's digests and measurements from its files.",
        discussion: """
            Every file of the folder is hashed, and every launch measurement computed again. What image.json says of \
            packages and of files inside the initramfs is not compared. Build the image anew to compare that. With \
            --firmware and --vcpu-type an image without firmware, or another firmware, is measured instead.

            Exit status: 0 all is as image.json says, 1 something differs, 2 image.json cannot be decoded, 3 a file \
            cannot be opened.

            Example: 2cvm image measure image
            """)

    @Argument(help: "The image's folder.", completion: .directory)
    var image: String

    @OptionGroup var firmware: FirmwareOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let image = try readImage(self.image)
        let measurements = try measure(image)
        let hashes = try kernelHashes(of: image.manifest)
        let trial = TrialMeasurement(hashes).digest
        if json {
            printJSON([
                "kernel": .string(hashes.kernel.prefixed), "initramfs": .string(hashes.initrd.prefixed),
                "commandLine": .string(hashes.commandLine.prefixed),
                "measurements": .array(
                    measurements.map { measurement in
                        [
                            "vcpuType": .string(measurement.vcpuType.name), "vcpus": .integer(measurement.vcpus),
                            "guestFeatures": .string("0x" + String(measurement.guestFeatures, radix: 16)),
                            "measurement": .string(measurement.digest.description),
                        ]
                    }),
                "trialMeasurement": .string(trial.description),
            ])
        } else {
            print("kernel       \(hashes.kernel.prefixed)")
            print("initramfs    \(hashes.initrd.prefixed)")
            print("commandLine  \(image.manifest.commandLine)")
            printMeasurements(measurements)
            print("trial        \(trial): what a VM without SEV-SNP shows, and proves nothing")
        }
    }

    private func measure(_ image: VerifiedImage) throws(CommandFailure) -> [ImageManifest.Measurement] {
        let hashes = try kernelHashes(of: image.manifest)
        if let choice = try firmware.choice() {
            do {
                return try choice.measurements(of: hashes)
            } catch {
                throw CommandFailure(error)
            }
        }
        return try recomputedMeasurements(of: image)
    }
}
