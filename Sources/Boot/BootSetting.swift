internal import Platform
internal import CBoot
internal import CPlatform
internal import Glibc

/// A setting of the kernel's that an image makes, below `/proc/sys`.
package struct BootSetting: Equatable, Sendable {
    package let name: String
    package let value: String

    /// As soon as they can be written, in this order.
    ///
    /// - `sysrq`: a host can send a break and a key on the serial line, and with that raise what is logged. Debian's
    ///   kernels listen (CONFIG_MAGIC_SYSRQ_SERIAL).
    /// - `printk`: nothing but a panic reaches the console, also if the host was quicker.
    package static let first = [
        BootSetting(name: "kernel/sysrq", value: "0"), BootSetting(name: "kernel/printk", value: "1 4 1 1"),
    ]

    /// No module is loaded from here on, whatever device a host adds. It cannot be taken back.
    package static let afterModules = [BootSetting(name: "kernel/modules_disabled", value: "1")]

    func make() throws(BootError) {
        do throws(PlatformError) {
            let path = "/proc/sys/" + name
            let file = Descriptor(owning: try succeeded(unsafe cp_open(path, O_WRONLY), "open \(path)"))
            try file.write(Array(value.utf8))
        } catch {
            throw .setting(name)
        }
    }
}
