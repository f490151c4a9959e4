internal import struct Crypto.SHA384
public import Primitives

/// The measurement that a trial shows: a VM without SEV-SNP, which nothing measures.
///
/// SHA-384("2cvm trial v1" ‖ 0x00 ‖ kernel (32) ‖ initramfs (32) ‖ command line (32)), the three being the SHA-256
/// digests of ``KernelHashes``: of the two whole files, and of the command line with its final NUL. It says which
/// image a trial booted and differs from every launch measurement; whoever starts the VM could say anything.
public struct TrialMeasurement: Equatable, Sendable {
    public let digest: FixedBytes<48>

    /// Computes what the launcher of a trial puts into its emulated reports.
    public init(_ kernel: KernelHashes) {
        let content =
            Array("2cvm trial v1".utf8) + [0] + kernel.kernel.bytes + kernel.initrd.bytes + kernel.commandLine.bytes
        guard let digest = FixedBytes<48>(Array(SHA384.hash(data: content))) else {
            preconditionFailure("SHA-384 digests are 48 bytes")
        }
        self.digest = digest
    }
}
