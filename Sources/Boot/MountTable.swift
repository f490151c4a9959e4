/// A file system that an image mounts before it serves.
package struct BootMount: Equatable, Sendable {
    /// As `mount -t` takes it.
    package let kind: String
    /// An existing folder.
    package let path: String
    package var allowsDevices = false
    package var options = ""

    /// Before modules are loaded. Nothing is executed from any of them, and set-user-ID bits count nowhere.
    ///
    /// `/run` holds all that a session writes: memory, encrypted like the rest of it, in huge pages where a file fills
    /// them, which makes submissions a sixth faster (docs/BENCHMARKS.md).
    package static let first = [
        BootMount(kind: "proc", path: "/proc"),
        BootMount(kind: "sysfs", path: "/sys"),
        BootMount(kind: "devtmpfs", path: "/dev", allowsDevices: true, options: "mode=0755"),
        BootMount(kind: "tmpfs", path: "/run", options: "mode=0755,size=50%,huge=within_size"),
        BootMount(kind: "cgroup2", path: "/sys/fs/cgroup"),
    ]

    /// What a module brings: reports through TSM (``TSMReports``).
    package static let afterModules = [BootMount(kind: "configfs", path: "/sys/kernel/config")]
}
