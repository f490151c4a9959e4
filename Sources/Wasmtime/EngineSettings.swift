/// Where the pages behind linear memories come from.
public enum MemoryBacking: String, CaseIterable, Sendable {
    /// The engine's own mapping: pages as the kernel gives them to everyone.
    case engine
    /// A mapping of ours that asks the kernel for huge pages. It reserves, guards and grows as the engine's does.
    case hugePages = "huge-pages"
}

/// What could be configured otherwise, so that it can be measured.
///
/// A production engine is made from ``runtime(_:)`` alone: everything else exists to show what it would cost, and
/// `memory64` lets in what ``EngineFeature`` keeps out.
package struct EngineSettings: Equatable, Sendable {
    package var memory: MemoryBacking
    /// Keeps how large each linear memory becomes, which takes memories of our own making.
    package var keepsMemorySizes = false
    /// Counts instructions, so that a guest can be stopped after so many.
    package var countsFuel = false
    /// Looks at a counter in every loop, so that a guest can be stopped at a time.
    package var looksAtEpochs = false
    /// Lets the processor find accesses out of bounds; otherwise instructions compare every address.
    package var trapsBySignals = true
    /// Reserves all that a memory can grow to; otherwise it may move.
    package var reservesAddresses = true
    package var allowsMemory64 = false
    /// Exceptions, and the engine's support for their heap. Garbage-collected types stay off.
    package var allowsExceptions = false
    /// Compiles for ``ProcessorLevel/x86v3``, so that the same bytes come out everywhere.
    package var isPortable = false

    /// The settings of a worker.
    package static func runtime(
        _ memory: MemoryBacking, keepsMemorySizes: Bool = false, allowsExceptions: Bool = false
    ) -> EngineSettings {
        EngineSettings(memory: memory, keepsMemorySizes: keepsMemorySizes, allowsExceptions: allowsExceptions)
    }

    /// The settings that machine code is made with which is kept: a worker's with exceptions, for a processor level.
    package static let keptCode: EngineSettings = {
        var settings = runtime(.engine, allowsExceptions: true)
        settings.isPortable = true
        return settings
    }()

    /// Whether an engine of these settings accepts a feature.
    func allows(_ feature: EngineFeature) -> Bool {
        switch feature {
        case .memory64: feature.isAllowed || allowsMemory64
        case .exceptions, .gcSupport: feature.isAllowed || allowsExceptions
        default: feature.isAllowed
        }
    }
}
