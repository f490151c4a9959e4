public import Primitives

/// What a trial appends to an image: a second archive, which the kernel unpacks over the first.
///
/// The image stays byte for byte the one that SEV-SNP measures; nothing of the emulator lies in it. The appended
/// archive's `/init` replaces the link to the agent by one to the trial's program, which makes a /dev/sev-guest and
/// then becomes what `/init` would have been.
public enum TrialArchive {
    /// What the trial's program finds.
    public struct Content: Sendable {
        /// The trial's program, linked like the agent.
        public var program: [UInt8]
        /// Kernel modules by name, in load order.
        public var modules: [(name: String, content: [UInt8])]
        /// MEASUREMENT and HOST_DATA of the reports that it makes.
        public var measurement: FixedBytes<48>
        public var hostData: SHA256Digest
        /// A simulation's keys; without them the program draws its own.
        public var keys: [UInt8]?

        /// Takes everything that a trial needs.
        public init(
            program: [UInt8], modules: [(name: String, content: [UInt8])], measurement: FixedBytes<48>,
            hostData: SHA256Digest, keys: [UInt8]?
        ) {
            self.program = program
            self.modules = modules
            self.measurement = measurement
            self.hostData = hostData
            self.keys = keys
        }
    }

    /// The archive: `/init`, and `/trial` with `2cvm-trial`, `measurement`, `host-data`, `keys.json`,
    /// `modules/order` and `modules/NAME.ko`. Numbers are lowercase hexadecimal and a newline.
    ///
    /// - Throws: ``ArchiveError``.
    public static func make(_ content: Content) throws(ArchiveError) -> Archive {
        var entries = [
            Archive.Entry("init", .link(to: "/trial/2cvm-trial"), mode: 0o777),
            Archive.Entry("trial/2cvm-trial", .file(content.program), mode: 0o755),
            text("trial/measurement", content.measurement.description + "\n"),
            text("trial/host-data", content.hostData.description + "\n"),
            text("trial/modules/order", content.modules.map { $0.name + "\n" }.joined()),
        ]
        for module in content.modules {
            entries.append(Archive.Entry("trial/modules/\(module.name).ko", .file(module.content), mode: 0o644))
        }
        if let keys = content.keys { entries.append(Archive.Entry("trial/keys.json", .file(keys), mode: 0o600)) }
        return try Archive(entries)
    }

    private static func text(_ path: String, _ text: String) -> Archive.Entry {
        Archive.Entry(path, .file(Array(text.utf8)), mode: 0o644)
    }
}
