// Attacks on `wasi:filesystem` through one preopened directory: the first argument.

private typealias Code = FilesystemTypes.ErrorCode

func preopened(_ name: String) -> FilesystemTypes.Descriptor? {
    FilesystemPreopens.getDirectories().first { $0.b == name }?.a
}

func onDirectories(_ attack: Attack) -> String? {
    guard attack.verb.hasPrefix("at-") else { return nil }
    guard let directory = preopened(attack[0]) else { return "no such directory" }
    let path = attack[1]
    switch attack.verb {
    case "at-open": return outcome { () throws(Code) in _ = try directory.open(path) }
    case "at-follow":
        return outcome { () throws(Code) in
            _ = try directory.openAt(.symlinkFollow, path: path, openFlags: [], flags: .read)
        }
    case "at-create":
        return outcome { () throws(Code) in
            _ = try directory.openAt([], path: path, openFlags: .create, flags: [.read, .write])
        }
    case "at-truncate":
        return outcome { () throws(Code) in
            _ = try directory.openAt([], path: path, openFlags: .truncate, flags: .write)
        }
    case "at-mutate":
        return outcome { () throws(Code) in
            _ = try directory.openAt([], path: path, openFlags: .directory, flags: [.read, .mutateDirectory])
        }
    case "at-stat": return told { () throws(Code) in try directory.statAt(.symlinkFollow, path: path).words }
    case "at-hash":
        return told { () throws(Code) in try directory.metadataHashAt(.symlinkFollow, path: path).words }
    case "at-list": return told { () throws(Code) in try directory.open(path).names().joined(separator: ",") }
    default: return onNames(attack, directory) ?? onDescriptors(attack, directory)
    }
}

/// What changes the names in a directory.
private func onNames(_ attack: Attack, _ directory: FilesystemTypes.Descriptor) -> String? {
    let (path, other) = (attack[1], attack[2])
    return switch attack.verb {
    case "at-rename":
        outcome { () throws(Code) in try directory.renameAt(path, newDescriptor: directory, newPath: other) }
    case "at-move":
        // Into another preopened directory: the fourth argument.
        outcome { () throws(Code) in
            guard let target = preopened(attack[3]) else { throw Code.badDescriptor }
            try directory.renameAt(path, newDescriptor: target, newPath: other)
        }
    case "at-create-directory": outcome { () throws(Code) in try directory.createDirectoryAt(path) }
    case "at-remove-directory": outcome { () throws(Code) in try directory.removeDirectoryAt(path) }
    case "at-unlink": outcome { () throws(Code) in try directory.unlinkFileAt(path) }
    case "at-symlink": outcome { () throws(Code) in try directory.symlinkAt(path, newPath: other) }
    case "at-link":
        outcome { () throws(Code) in
            try directory.linkAt([], oldPath: path, newDescriptor: directory, newPath: other)
        }
    case "at-readlink": told { () throws(Code) in try directory.readlinkAt(path) }
    case "at-set-times":
        outcome { () throws(Code) in
            try directory.setTimesAt([], path: path, dataAccessTimestamp: .now, dataModificationTimestamp: .now)
        }
    default: nil
    }
}

/// What is done through a descriptor that was opened for reading alone.
private func onDescriptors(_ attack: Attack, _ directory: FilesystemTypes.Descriptor) -> String? {
    let path = attack[1]
    return switch attack.verb {
    case "at-write": outcome { () throws(Code) in _ = try directory.open(path).write([97], offset: 0) }
    case "at-write-stream":
        outcome { () throws(Code) in
            try write(to: try directory.open(path).writeViaStream(0))
        }
    case "at-append-stream":
        outcome { () throws(Code) in
            try write(to: try directory.open(path).appendViaStream())
        }
    case "at-mutate-own":
        // The flag that allows changes, asked for below a directory that does not have it.
        outcome { () throws(Code) in
            let flags: FilesystemTypes.DescriptorFlags = [.read, .write, .mutateDirectory]
            let same = try directory.openAt([], path: ".", openFlags: .directory, flags: flags)
            try same.createDirectoryAt(path)
        }
    case "at-mutate-again":
        outcome { () throws(Code) in
            let flags: FilesystemTypes.DescriptorFlags = [.read, .mutateDirectory]
            let same = try directory.openAt([], path: ".", openFlags: .directory, flags: flags)
            try same.createDirectoryAt(path)
        }
    case "at-cut":
        // A file of its own, which it may write.
        outcome { () throws(Code) in
            try directory.openAt([], path: path, openFlags: .create, flags: .write).setSize(1)
        }
    case "at-set-size": outcome { () throws(Code) in try directory.open(path).setSize(0) }
    case "at-set-own-times":
        outcome { () throws(Code) in
            try directory.open(path).setTimes(.now, dataModificationTimestamp: .now)
        }
    case "at-own-stat": told { () throws(Code) in try directory.open(path).stat().words }
    case "at-own-hash": told { () throws(Code) in try directory.open(path).metadataHash().words }
    case "at-flags": told { () throws(Code) in "\(try directory.open(path).getFlags().rawValue)" }
    case "at-same":
        told { () throws(Code) in "\(try directory.open(path).isSameObject(try directory.open(attack[2])))" }
    case "at-read-beyond":
        told { () throws(Code) in "\(try directory.open(path).read(.max, offset: .max).a.count) bytes" }
    case "at-write-beyond":
        outcome { () throws(Code) in
            let file = try directory.openAt([], path: path, openFlags: .create, flags: .write)
            _ = try file.write([97], offset: UInt64(attack.number(2)))
        }
    default: nil
    }
}

/// Only writing tells whether a stream to write is one.
private func write(to stream: IoStreams.OutputStream) throws(Code) {
    do throws(IoStreams.StreamError) {
        try stream.blockingWriteAndFlush([97])
    } catch {
        throw Code.badDescriptor
    }
}

extension FilesystemTypes.Descriptor {
    func open(_ path: String) throws(FilesystemTypes.ErrorCode) -> FilesystemTypes.Descriptor {
        try openAt([], path: path, openFlags: [], flags: .read)
    }

    /// What a directory holds, in the order in which it says so.
    func names() throws(FilesystemTypes.ErrorCode) -> [String] {
        let entries = try readDirectory()
        var names: [String] = []
        while let entry = try entries.readDirectoryEntry() { names.append("\(entry.name):\(entry.type)") }
        return names
    }
}

extension FilesystemTypes.DescriptorStat {
    var words: String {
        let times = [dataAccessTimestamp, dataModificationTimestamp, statusChangeTimestamp].count { $0 != nil }
        return "\(type) \(size) bytes, \(linkCount) link, \(times) times"
    }
}

extension FilesystemTypes.MetadataHashValue {
    var words: String { String(lower, radix: 16) + "-" + String(upper, radix: 16) }
}
