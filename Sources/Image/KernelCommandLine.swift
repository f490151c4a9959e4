/// What the kernel of every image is told. It is measured, so it is the same everywhere: no address, no name.
public enum KernelCommandLine {
    /// Without it the kernel runs bytecode that the host wrote into its ACPI tables.
    public static let withoutACPI = "acpi=off"

    /// The words, and why each stands there.
    ///
    /// - `console=ttyS0`: the console that a host can show; the agent says there that it listens.
    /// - `loglevel=1`: nothing but a panic reaches it. Kernel messages tell sizes and addresses of a worker that
    ///   was ended, and those are not for the host.
    /// - `panic=-1 oops=panic`: a kernel that has erred stops at once. With QEMU's `-no-reboot` the VM ends.
    /// - ``withoutACPI``: a host's ACPI tables hold bytecode, and are not measured (BadAML, CCS 2025). It costs every
    ///   processor but the first, and powering off: the VM ends by a restart.
    /// - `ipv6.disable=1`: no address and no route comes from router advertisements that a host can send.
    /// - `random.trust_cpu=on random.trust_bootloader=off rng_core.default_quality=0`: the processor's randomness
    ///   counts, the host's does not. Without the last, bytes of virtio-rng count in full.
    /// - `transparent_hugepage=always`: guests' linear memories get huge pages without asking (docs/BENCHMARKS.md).
    public static let words = [
        "console=ttyS0", "loglevel=1", "panic=-1", "oops=panic", withoutACPI, "ipv6.disable=1", "random.trust_cpu=on",
        "random.trust_bootloader=off", "rng_core.default_quality=0", "transparent_hugepage=always",
    ]

    /// The whole line, as QEMU's `-append` takes it and as firmware hashes it (with a NUL behind it).
    public static let text = words.joined(separator: " ")

    /// Whether a kernel told this ignores the host's ACPI tables. Only a plain line is believed: quotes join words,
    /// what follows `--` is for the first program, and other bytes than these may separate words too.
    public static func ignoresACPI(_ text: String) -> Bool {
        guard text.utf8.allSatisfy({ 0x20...0x7E ~= $0 && $0 != UInt8(ascii: "\"") }) else { return false }
        let words = text.split(separator: " ").prefix { $0 != "--" }.filter { $0.hasPrefix("acpi=") }
        return !words.isEmpty && words.allSatisfy { $0 == withoutACPI }
    }
}
