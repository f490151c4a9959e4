internal import CPlatform
internal import Glibc

/// Memory of this machine and of this process.
public enum MachineMemory {
    /// What the kernel manages, in bytes.
    public static var totalBytes: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }

    /// What the file system around `path` can hold when it is empty, in bytes.
    public static func fileBytes(at path: String) throws(PlatformError) -> Int {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else {
            throw .system(action: "read the size of a file system", error: ErrorNumber(errno))
        }
        return Int(status.f_blocks) * Int(status.f_frsize)
    }

    /// Makes this process keep freed blocks of up to 4 MiB, instead of giving them back to the kernel.
    ///
    /// glibc maps each block of 128 KiB and more anew: streams come in chunks of just that size, and most of the time
    /// went into the kernel's clearing of their pages. At most 8 MiB more stay with the process.
    public static func keepFreedBlocks() {
        // Without it everything works, and slower.
        _ = cp_keep_freed_memory(4 << 20)
    }
}
