import ArgumentParser
import CommandOptions
import Evidence
import Image
import Platform
import Primitives
import Workbench

/// Groups the commands on VM images.
struct ImageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image",
        abstract: "Build the VM's image, and recompute what is measured of it.",
        discussion: "docs/IMAGE.md says what is in an image, and why two builds of it are equal.",
        subcommands: [ImageBuild.self, ImageMeasure.self])
}

struct ImageBuild: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Make the kernel, the initramfs and what is to be measured of them.",
        discussion: """
            Packs the agent, the worker, the gate and Wasmtime with the files of Debian's packages that the lock file \
            pins, and writes vmlinuz, initramfs.cpio and image.json. Equal inputs give equal bytes, in any folder.

            The programs come from `scripts/image-binaries 2cvm-agent 2cvm-worker 2cvm-gate`, the packages' files from \
            `scripts/image-packages`. With firmware that verifies a kernel's hashes (OVMF's AmdSev build) the launch \
            measurements are computed as well; without it there are none yet.

            Example: 2cvm image build --output image --firmware OVMF.amdsev.fd --vcpu-type EPYC-v4
            """)

    @Option(name: .shortAndLong, help: "A new folder for the image.", completion: .directory)
    var output: String

    @Option(help: ArgumentHelp("The lock file.", valueName: "file"), completion: .file())
    var lock = "image/packages.lock.json"

    @Option(help: ArgumentHelp("The packages' files, by digest.", valueName: "folder"), completion: .directory)
    var packages = ".deps/image"

    @Option(
        help: ArgumentHelp("The programs, in bin and lib of this folder.", valueName: "folder"),
        completion: .directory)
    var programs = ".build-image/installed"

    @Option(
        help: ArgumentHelp(
            "An installed runtime, such as python, that sessions need not be sent. The image is larger, and so is the "
                + "VM that it needs.", valueName: "name"))
    var runtime: String?

    @OptionGroup var firmware: FirmwareOptions

    func validate() throws {
        guard !output.isEmpty else { throw ValidationError("--output needs the name of a folder") }
    }

    func run() throws {
        let lock = try readFile(
            self.lock, maximumByteCount: ImageLock.maximumByteCount, as: ImageLock.init(decoding:))
        let firmware = try firmware.choice()
        if NamedFile.exists(output) { throw CommandFailure(CommandError.outputExists(output)) }
        var programs = BuiltImage.Programs(
            agent: try program("bin/2cvm-agent"), worker: try program("bin/2cvm-worker"),
            gate: try program("bin/2cvm-gate"),
            engine: try program("lib/libwasmtime.so"))
        if let runtime { programs.runtime = try RuntimeShelf().imageFiles(of: runtime) }
        let contents = try contents(of: lock)
        let image: BuiltImage
        do throws(ImageError) {
            image = try BuiltImage(lock: lock, contents: contents, programs: programs, firmware: firmware)
        } catch {
            throw CommandFailure(error)
        }
        try write(image, firmware)
        show(image.manifest)
    }

    private func program(_ name: String) throws(CommandFailure) -> [UInt8] {
        try readFile(programs + "/" + name, maximumByteCount: BuiltImage.maximumByteCount)
    }

    private func contents(of lock: ImageLock) throws(CommandFailure) -> [SHA256Digest: [UInt8]] {
        var contents: [SHA256Digest: [UInt8]] = [:]
        for file in lock.files {
            contents[file.digest] = try readFile("\(packages)/\(file.digest)", maximumByteCount: file.byteCount)
        }
        return contents
    }

    private func write(_ image: BuiltImage, _ firmware: FirmwareChoice?) throws(CommandFailure) {
        do throws(PlatformError) {
            try NamedFile.makeFolders(output)
        } catch {
            throw CommandFailure(error)
        }
        func write(_ name: String, _ bytes: [UInt8]) throws(CommandFailure) {
            try writeFile("\(output)/\(name)", bytes, mode: 0o644, force: false)
        }
        try write(ImageFolder.kernelName, image.kernel)
        try write(ImageFolder.initramfsName, image.initramfs.bytes)
        for module in image.trialModules {
            try write(ImageFolder.trialModuleName(module.name), module.content)
        }
        if image.manifest.firmware != nil, let firmware { try write(ImageFolder.firmwareName, firmware.content) }
        // Last: a folder with this file is whole.
        try write(ImageFolder.manifestName, image.manifest.encoded)
    }

    private func show(_ manifest: ImageManifest) {
        print("wrote \(output)")
        print("kernel       \(manifest.kernel.digest.prefixed), \(manifest.kernel.byteCount) bytes")
        print("initramfs    \(manifest.initramfs.digest.prefixed), \(manifest.initramfs.byteCount) bytes")
        print("memory       a VM of \(manifest.leastMemoryMiB) MiB at least, and what its manifest needs")
        printMeasurements(manifest.measurements)
    }
}
