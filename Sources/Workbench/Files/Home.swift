package import Commitments
internal import FoundationEssentials
internal import Platform

/// What 2cvm remembers between commands: `addresses.json` in `$TWOCVM_HOME`, else `$XDG_CONFIG_HOME/2cvm`,
/// else `~/.config/2cvm`.
package struct Home {
    package let folder: String

    package init() throws(CommandFailure) {
        let environment = ProcessInfo.processInfo.environment
        func value(_ name: String) -> String? {
            environment[name].flatMap { $0.isEmpty ? nil : $0 }
        }
        if let folder = value("TWOCVM_HOME") {
            self.folder = folder
        } else if let folder = value("XDG_CONFIG_HOME") {
            self.folder = folder + "/2cvm"
        } else if let folder = value("HOME") {
            self.folder = folder + "/.config/2cvm"
        } else {
            throw CommandFailure(CommandError.noHome)
        }
    }

    /// The address book; an empty one before the first key is trusted.
    package func addressBook() throws(CommandFailure) -> AddressBook {
        do {
            return try readFile(path, maximumByteCount: AddressBook.maximumByteCount, as: AddressBook.init(decoding:))
        } catch {
            if case PlatformError.system(_, .notFound) = error.error { return AddressBook() }
            throw error
        }
    }

    /// Replaces the address book.
    package func save(_ book: AddressBook) throws(CommandFailure) {
        do {
            try NamedFile.makeFolders(folder)
            try NamedFile.replace(path, book.encoded, mode: 0o600)
        } catch {
            throw CommandFailure(error)
        }
    }

    private var path: String { folder + "/addresses.json" }
}
