internal import Glibc

extension Folder {
    /// Removes everything below this folder; the folder itself stays. Follows no link.
    ///
    /// A hostile process may have nested folders deeper than a stack or a descriptor table goes. So nothing is
    /// descended into: what a folder holds is moved up here, until only empty folders are left.
    ///
    /// - Precondition: nobody else writes below the folder.
    public func removeContents() throws(PlatformError) {
        var moved = 0
        while true {
            let entries = try entries(atMost: 256)
            if entries.isEmpty { return }
            for entry in entries {
                if entry.kind != .folder {
                    try remove(entry, flags: 0)
                } else if unsafe unlinkat(descriptor.number, entry.bytes, AT_REMOVEDIR) != 0 {
                    try empty(entry, into: &moved)
                    try remove(entry, flags: AT_REMOVEDIR)
                }
            }
        }
    }

    /// Removes a folder right inside this one, with everything below it.
    public func removeFolder(_ name: String) throws(PlatformError) {
        try folder(name).removeContents()
        guard unsafe unlinkat(descriptor.number, name, AT_REMOVEDIR) == 0 else {
            throw .system(action: "remove \(name)", error: ErrorNumber(errno))
        }
    }

    /// Gives a folder right inside this one another name, which no file has and no folder that holds anything.
    public func rename(_ name: String, to other: String) throws(PlatformError) {
        guard unsafe renameat(descriptor.number, name, descriptor.number, other) == 0 else {
            throw .system(action: "rename a folder to \(other)", error: ErrorNumber(errno))
        }
    }

    private func remove(_ entry: FolderEntry, flags: Int32) throws(PlatformError) {
        guard unsafe unlinkat(descriptor.number, entry.bytes, flags) == 0 else {
            throw .system(action: "remove a job's files", error: ErrorNumber(errno))
        }
    }

    /// Removes the files of one folder below this one and moves its folders up here.
    private func empty(_ entry: FolderEntry, into moved: inout Int) throws(PlatformError) {
        // Its maker may have taken away its permissions. It was just seen to be a folder, and nobody writes here.
        guard unsafe fchmodat(descriptor.number, entry.bytes, 0o700, 0) == 0 else {
            throw .system(action: "remove a job's files", error: ErrorNumber(errno))
        }
        let number = unsafe openat(
            descriptor.number, entry.bytes, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard number >= 0 else { throw .system(action: "remove a job's files", error: ErrorNumber(errno)) }
        let below = Folder(Descriptor(owning: number))
        while true {
            let entries = try below.entries(atMost: 256)
            if entries.isEmpty { return }
            for inner in entries {
                if inner.kind != .folder {
                    try below.remove(inner, flags: 0)
                } else if unsafe unlinkat(number, inner.bytes, AT_REMOVEDIR) != 0 {
                    try below.move(inner, to: self, &moved)
                }
            }
        }
    }

    private func move(_ entry: FolderEntry, to target: borrowing Folder, _ moved: inout Int) throws(PlatformError) {
        // Moving a folder writes its `..`.
        _ = unsafe fchmodat(descriptor.number, entry.bytes, 0o700, 0)
        // A name may be taken already, by the folder's maker.
        while true {
            moved += 1
            let name = "moved-\(moved)"
            if unsafe renameat(descriptor.number, entry.bytes, target.descriptor.number, name) == 0 { return }
            guard errno == EEXIST || errno == ENOTEMPTY || errno == ENOTDIR else {
                throw .system(action: "remove a job's files", error: ErrorNumber(errno))
            }
        }
    }
}
