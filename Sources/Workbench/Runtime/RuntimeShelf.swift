package import Commitments
internal import Composition
package import Execution
internal import FoundationEssentials
internal import Platform
internal import Primitives

/// Where this machine's runtimes are installed.
///
/// Only `$TWOCVM_RUNTIMES`, where somebody set it. Else `/var/lib/2cvm/runtimes`, which is root's, and for everybody
/// but root `$XDG_CACHE_HOME/2cvm/runtimes` or `~/.cache/2cvm/runtimes`: what a user's cache holds is no code of
/// root's.
package struct RuntimeShelf {
    private let stores: [RuntimeStore]
    /// Where a runtime is installed: the last of them.
    package let own: RuntimeStore

    package static let systemFolder = "/var/lib/2cvm/runtimes"

    package init() throws(CommandFailure) {
        let environment = ProcessInfo.processInfo.environment
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        let system = RuntimeStore(path: Self.systemFolder)
        if let path = value("TWOCVM_RUNTIMES") {
            own = RuntimeStore(path: path)
            stores = [own]
        } else if Program.isRoot {
            own = system
            stores = [system]
        } else if let cache = value("XDG_CACHE_HOME") ?? value("HOME").map({ $0 + "/.cache" }) {
            own = RuntimeStore(path: cache + "/2cvm/runtimes")
            stores = [system, own]
        } else {
            throw CommandFailure(CommandError.noHome)
        }
    }

    /// Every installed runtime.
    package func runtimes() throws(CommandFailure) -> [InstalledRuntime] {
        var found: [InstalledRuntime] = []
        for store in stores {
            do {
                found += try store.runtimes()
            } catch {
                throw CommandFailure(error, in: store.path)
            }
        }
        return found
    }

    /// The components of a manifest that are installed here, so that nobody has to bring them.
    package func held(by manifest: Manifest) throws(CommandFailure) -> [Name: InstalledRuntime] {
        var held: [Name: InstalledRuntime] = [:]
        let installed = try runtimes()
        for component in manifest.components {
            if let runtime = installed.first(where: { $0.held.component == component.digest }) {
                held[component.name] = runtime
            }
        }
        return held
    }

    /// The newest installed release of a runtime.
    package func newest(named name: String) throws(CommandFailure) -> InstalledRuntime? {
        try runtimes().filter { $0.held.twin.notice.name.description == name }.max { first, second in
            Self.numbers(first).lexicographicallyPrecedes(Self.numbers(second))
        }
    }

    private static func numbers(_ runtime: InstalledRuntime) -> [Int] {
        runtime.held.twin.notice.release.split(separator: ".").map { Int($0) ?? 0 }
    }
}

extension RuntimeStoreError: CommandFault {
    package var status: ExitStatus {
        switch self {
        case .platform, .execution: .unavailable
        case .compiling: .runFailed
        case .installed, .tooMany: .refused
        case .record, .nameDiffers, .fileDiffers, .twin, .packageFile, .packageComponent, .packageTwin: .refused
        }
    }
}
