private import CWasmtime

/// Owns what a store may reach of the host: named folders and nothing else.
///
/// No environment, no arguments, no standard streams. Sockets can be imported and every use of one is refused.
@safe
public struct FolderGrants: ~Copyable {
    /// What may be done with a folder and all that it holds.
    public enum Access: Equatable, Sendable {
        /// Files can be read and folders listed.
        case read
        /// Also: files and folders can be made, written, renamed and removed.
        case write
    }

    private let pointer: OpaquePointer

    /// Nothing is granted yet.
    ///
    /// - Throws: ``EngineError/unavailable``.
    public init() throws(EngineError) {
        guard let pointer = unsafe wasi_config_new() else { throw .unavailable }
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe wasi_config_delete(pointer)
    }

    /// Opens `folder` (relative to the current directory, or absolute), which the component will know as `name`.
    ///
    /// - Throws: ``EngineError/folderUnavailable(_:)``.
    public mutating func grant(_ folder: String, as name: String, _ access: Access) throws(EngineError) {
        // A C string ends at its first NUL, so one inside would grant another folder than the one named.
        guard !folder.utf8.contains(0), !name.utf8.contains(0), !folder.isEmpty,
            unsafe wasi_config_preopen_dir(pointer, folder, name, access == .write)
        else { throw .folderUnavailable(folder) }
    }

    /// Gives the library's object away.
    @unsafe
    consuming func release() -> OpaquePointer {
        let pointer = unsafe pointer
        discard self
        return unsafe pointer
    }
}
