/// The processors that a guest starts with. Their initial registers are measured.
public struct VirtualProcessors: Equatable, Sendable {
    /// As many as the largest AMD hosts have hardware threads for, and some.
    public static let countRange = 1...1024
    /// SEV_FEATURES with nothing but SNP itself.
    public static let defaultFeatures: UInt64 = 1

    public let hypervisor: Hypervisor
    public let count: Int
    /// SEV_FEATURES, as the hypervisor sets it: bit 0 SNP, 5 debug register swapping.
    public let features: UInt64

    /// Describes the processors.
    ///
    /// - Throws: ``LaunchError`` for a count outside ``countRange``.
    public init(_ hypervisor: Hypervisor, count: Int, features: UInt64 = defaultFeatures) throws(LaunchError) {
        guard Self.countRange ~= count else { throw .vcpuCount(found: count) }
        self.hypervisor = hypervisor
        self.count = count
        self.features = features
    }
}

/// Who starts the guest: hypervisors set initial registers, and measure, a little differently.
public enum Hypervisor: Hashable, Sendable {
    /// QEMU with KVM, which puts the model's signature into a register.
    case qemu(VCPUType)
    /// Amazon EC2: one start value for all models.
    case ec2
    /// Google Compute Engine: one start value for all models.
    case gce
}
