import ArgumentParser
import CommandOptions
import Evidence
import Image
import Platform
import Primitives
import Workbench

// The options of `launch`, each group with what it says of the VM.

struct MachineOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The host's port; 0 takes any that is free.", valueName: "port"))
    var port = VirtualMachine.guestPort

    @Option(help: ArgumentHelp("The host's address that is forwarded. Sealed bytes alone pass.", valueName: "address"))
    var listen = Self.loopback

    @Option(help: ArgumentHelp("MiB of memory.", valueName: "count"))
    var memory = VirtualMachine.defaultMemoryMiB

    @Option(help: ArgumentHelp("Seconds until the agent must listen.", valueName: "seconds"))
    var bootSeconds = Self.usualBootSeconds

    @Option(help: ArgumentHelp("QEMU: a name or a path.", valueName: "program"), completion: .file())
    var qemu = VirtualMachine.defaultProgram

    private static let loopback = "127.0.0.1"
    private static let usualBootSeconds = 180

    var given: [GivenOption] {
        [
            port == VirtualMachine.guestPort ? nil : GivenOption("--port", "\(port)"),
            listen == Self.loopback ? nil : GivenOption("--listen", listen),
            memory == VirtualMachine.defaultMemoryMiB ? nil : GivenOption("--memory", "\(memory)"),
            bootSeconds == Self.usualBootSeconds ? nil : GivenOption("--boot-seconds", "\(bootSeconds)"),
            qemu == VirtualMachine.defaultProgram ? nil : GivenOption("--qemu", qemu),
        ].compactMap { $0 }
    }

    func validate() throws {
        guard VirtualMachine.memoryRange ~= memory else {
            let range = VirtualMachine.memoryRange
            throw ValidationError("--memory takes \(range.lowerBound) to \(range.upperBound)")
        }
        guard 1...86_400 ~= bootSeconds else { throw ValidationError("--boot-seconds takes 1 to 86400") }
        guard VirtualMachine.Forwarding(address: listen, port: 1) != nil else {
            throw ValidationError("--listen takes an IPv4 address of this machine, or 0.0.0.0")
        }
    }

    func settings() throws(CommandFailure) -> MachineSettings {
        let forwarding: VirtualMachine.Forwarding?
        do {
            forwarding = VirtualMachine.Forwarding(
                address: listen, port: port == 0 ? try LoopbackPort.unused() : port)
        } catch {
            throw CommandFailure(error)
        }
        guard let forwarding else { throw malformed(listen, "an IPv4 address") }
        return MachineSettings(memoryMiB: memory, forwarding: forwarding, bootSeconds: bootSeconds, qemu: qemu)
    }
}

struct ConfidentialOptions: ParsableArguments {
    @Option(help: "The firmware, if the image has none or another shall be used.", completion: .file())
    var firmware: String?

    @Option(
        help: ArgumentHelp("The processor's model, as QEMU's -cpu spells it.", valueName: "type"),
        completion: .list(VCPUType.all.map(\.name)), transform: vcpuTypeArgument)
    var vcpuType: VCPUType?

    @Option(
        help: ArgumentHelp("The guest policy, hexadecimal. 0x30000 allows SMT, and no debugging.", valueName: "hex"),
        transform: policyArgument)
    var policy: GuestPolicy?

    @Option(help: "An ID block, in base64, from `2cvm measure id-block make`.", completion: .file())
    var idBlock: String?

    @Option(help: "Its authentication, in base64.", completion: .file())
    var idAuth: String?

    @Option(help: ArgumentHelp("Where encryption sits: CPUID 8000001f EBX, bits 5:0.", valueName: "bit"))
    var cBit = ConfidentialLaunch.PageTableBits.usual.position

    @Option(help: ArgumentHelp("Address bits that it costs: EBX, bits 11:6.", valueName: "count"))
    var reducedBits = ConfidentialLaunch.PageTableBits.usual.reduction

    var given: [GivenOption] {
        let usual = ConfidentialLaunch.PageTableBits.usual
        return [
            firmware.map { GivenOption("--firmware", $0) },
            vcpuType.map { GivenOption("--vcpu-type", $0.name) },
            policy.map { GivenOption("--policy", "0x" + String($0.rawValue, radix: 16)) },
            idBlock.map { GivenOption("--id-block", $0) },
            idAuth.map { GivenOption("--id-auth", $0) },
            cBit == usual.position ? nil : GivenOption("--c-bit", "\(cBit)"),
            reducedBits == usual.reduction ? nil : GivenOption("--reduced-bits", "\(reducedBits)"),
        ].compactMap { $0 }
    }

    func validate() throws {
        guard (idBlock == nil) == (idAuth == nil) else { throw ValidationError("--id-block needs --id-auth") }
        guard 32...63 ~= cBit, 0...63 ~= reducedBits else { throw ValidationError("these bits are not a processor's") }
    }

    func settings() throws(CommandFailure) -> ConfidentialSettings {
        guard let vcpuType, let policy = policy ?? GuestPolicy(rawValue: ConfidentialLaunch.defaultPolicy) else {
            throw malformed("", "a processor model and a guest policy")
        }
        var settings = ConfidentialSettings(type: vcpuType, policy: policy)
        settings.pageTableBits = ConfidentialLaunch.PageTableBits(position: cBit, reduction: reducedBits)
        settings.firmware = firmware
        settings.identity = try identity()
        return settings
    }

    private func identity() throws(CommandFailure) -> ConfidentialLaunch.Identity? {
        guard let idBlock, let idAuth else { return nil }
        let block = try readBase64(idBlock, as: IDBlock.init(decoding:))
        let authentication = try readBase64(idAuth, as: IDAuthentication.init(decoding:))
        do throws(IDBlockError) {
            return try ConfidentialLaunch.Identity(block, authentication)
        } catch {
            throw CommandFailure(error, in: idAuth)
        }
    }
}

struct TrialOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The trial's program. Without it: 2cvm-trial beside 2cvm.", valueName: "file"),
        completion: .file())
    var trialProgram: String?

    @Option(
        help: ArgumentHelp("A simulation's keys. Without them each trial draws its own.", valueName: "file"),
        completion: .file())
    var simulationKeys: String?

    @Flag(help: "Let KVM run the VM, where this machine has it.")
    var kvm = false

    var given: [GivenOption] {
        [
            trialProgram.map { GivenOption("--trial-program", $0) },
            simulationKeys.map { GivenOption("--simulation-keys", $0) },
            kvm ? GivenOption("--kvm") : nil,
        ].compactMap { $0 }
    }

    var settings: TrialSettings {
        TrialSettings(program: trialProgram, simulationKeys: simulationKeys, usesKVM: kvm)
    }
}
