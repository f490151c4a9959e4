import Boot
import Platform
import Testing

@Suite("An image's list of modules")
struct ModuleListTests {
    @Test(
        "is refused where a name could lead elsewhere or is none",
        arguments: ["../cuse\n", "a/b\n", "a.ko\n", "\n", "a\n\nb\n", "A\n", "a b\n", "a\0\n", "a\r\n", "é\n"])
    func names(_ text: String) {
        #expect(throws: ModuleListError.self) { try ModuleList(decoding: Array(text.utf8)) }
    }

    @Test("is refused when it is too long, or loads a module twice")
    func bounds() throws {
        let many = (0...ModuleList.maximumCount).map { "m\($0)\n" }
        #expect(throws: ModuleListError.tooLong) { try ModuleList(decoding: Array(many.joined().utf8)) }
        #expect(try ModuleList(decoding: Array(many.dropLast().joined().utf8)).names.count == 64)
        let long = String(repeating: "m", count: 65) + "\n"
        #expect(throws: ModuleListError.name(line: 1)) { try ModuleList(decoding: Array(long.utf8)) }
        #expect(throws: ModuleListError.duplicate(line: 3)) { try ModuleList(decoding: Array("a\nb\na\n".utf8)) }
        let bytes = [UInt8](repeating: 0x61, count: ModuleList.maximumByteCount + 1)
        #expect(throws: ModuleListError.tooLong) { try ModuleList(decoding: bytes) }
    }

    @Test("keeps its order")
    func order() throws {
        let list = try ModuleList(decoding: Array("virtio_net\nsev-guest\ntsm\n".utf8))
        #expect(list.names == ["virtio_net", "sev-guest", "tsm"])
        #expect(try ModuleList(decoding: []).names.isEmpty)
    }
}

@Suite("An image's mounts")
struct BootMountTests {
    @Test("come after the folders that they lie in")
    func order() throws {
        // What an image's archive has, and what the kernel makes in its own file systems.
        var folders: Set = ["/proc", "/sys", "/dev", "/run"]
        let made = ["/sys": ["/sys/fs/cgroup", "/sys/kernel/config"]]
        for mount in BootMount.first + BootMount.afterModules {
            #expect(folders.contains(mount.path), "\(mount.path)")
            folders.formUnion(made[mount.path] ?? [])
        }
    }

    @Test("allow devices in one place")
    func devices() {
        let all = BootMount.first + BootMount.afterModules
        #expect(all.filter(\.allowsDevices).map(\.path) == ["/dev"])
        #expect(Set(all.map(\.path)).count == all.count)
    }

    @Test("bound what a session can write by memory")
    func sizes() throws {
        let memory = try #require(BootMount.first.first { $0.kind == "tmpfs" })
        #expect(memory.path == "/run")
        #expect(memory.options.contains("size=50%"))
    }
}

@Suite("An image's settings of the kernel")
struct BootSettingTests {
    @Test("close the console to the host before they settle what it shows")
    func console() throws {
        let names = BootSetting.first.map(\.name)
        let listening = try #require(names.firstIndex(of: "kernel/sysrq"))
        let logging = try #require(names.firstIndex(of: "kernel/printk"))
        #expect(listening < logging)
        #expect(BootSetting.first[listening].value == "0")
        #expect(BootSetting.first[logging].value.hasPrefix("1 "))
    }

    @Test("close the kernel to modules, and only once the image's own are loaded")
    func modules() {
        #expect(BootSetting.afterModules.map { [$0.name, $0.value] } == [["kernel/modules_disabled", "1"]])
        #expect(!BootSetting.first.contains { $0.name.contains("modules") })
    }
}
