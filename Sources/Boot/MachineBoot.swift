public import Platform
internal import CBoot
internal import CPlatform
internal import Glibc

/// The first process of an image: brings the machine up, starts the agent, collects what is left over, ends the VM.
///
/// The agent is a process of its own. So orphans are collected here without taking the status of a worker from the
/// agent, and a fault of the agent is one line and the VM's end.
public struct MachineBoot: Sendable {
    private static let modules = "/lib/modules"
    private static let loopback = "lo"
    private static let network = "eth0"
    /// Nobody gets a picture of memory on the console.
    private static let environment = ["SWIFT_BACKTRACE=enable=no"]

    private let name: String
    private let agent: String
    private let arguments: [String]

    /// Whether this process is the kernel's first.
    public static var isFirstProcess: Bool { getpid() == 1 }

    /// - Parameters:
    ///   - name: what lines on the console begin with.
    ///   - agent: the program to start once the machine is up.
    ///   - arguments: without the program's name.
    public init(name: String, agent: String, arguments: [String]) {
        self.name = name
        self.agent = agent
        self.arguments = arguments
    }

    /// Boots, serves, and ends the machine.
    public func run() -> Never {
        do throws(BootError) {
            try prepare()
            try serve()
        } catch {
            Self.complain(of: error.code, as: name)
        }
        Self.endMachine()
    }

    /// Ends the VM.
    public static func endMachine() -> Never {
        // Does not return. Where it does, the end of the first process is a panic, and that ends the VM.
        _ = cp_boot_end_machine()
        exit(1)
    }

    /// Mounts the kernel's devices alone, for what comes before an image's first process.
    public static func mountDevices() throws(BootError) {
        for mount in BootMount.first where mount.path == "/dev" { try mount.mount() }
    }

    /// Waits until there is such a device, and says whether there is.
    public static func awaitDevice(_ path: String, seconds: Int) -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while !NamedFile.exists(path) {
            guard ContinuousClock.now < deadline else { return false }
            usleep(10_000)
        }
        return true
    }

    /// One line with a fixed code: the host reads the console.
    public static func complain(of code: String, as name: String) {
        try? NamedFile.writeStandardError(Array("\(name): boot failed: \(code)\n".utf8))
    }

    private func prepare() throws(BootError) {
        let covered = cp_boot_cover_root()
        guard covered >= 0 else { throw .root(ErrorNumber(-covered)) }
        for mount in BootMount.first { try mount.mount() }
        for setting in BootSetting.first { try setting.make() }
        try Self.load(from: Self.modules)
        for setting in BootSetting.afterModules { try setting.make() }
        for mount in BootMount.afterModules { try mount.mount() }
        // Before anything is drawn: a transaction number here, keys in the agent.
        let seeded = cp_boot_await_randomness()
        guard seeded >= 0 else { throw .randomness(ErrorNumber(-seeded)) }
        try Self.raiseNetwork()
    }

    /// Loads the modules that `folder` lists, in its order.
    public static func load(from folder: String) throws(BootError) {
        let bytes: [UInt8]
        do throws(PlatformError) {
            bytes = try NamedFile.readMeasured(folder + "/order", maximumByteCount: ModuleList.maximumByteCount)
        } catch {
            throw .moduleList(.unreadable)
        }
        let list: ModuleList
        do throws(ModuleListError) {
            list = try ModuleList(decoding: bytes)
        } catch {
            throw .moduleList(error)
        }
        for name in list.names {
            let result = unsafe cp_boot_load_module("\(folder)/\(name).ko")
            // A module that finds no device stays out; whoever needs the device says so.
            guard result >= 0 || result == -ENODEV || result == -EEXIST else {
                throw .module(name, ErrorNumber(-result))
            }
        }
    }

    private static func raiseNetwork() throws(BootError) {
        try check(unsafe cp_boot_interface_up(loopback), loopback)
        try check(unsafe cp_boot_interface_up(network), network)
        var hardwareAddress = [UInt8](repeating: 0, count: 6)
        try check(unsafe cp_boot_hardware_address(network, &hardwareAddress), network)
        var exchange = DHCPExchange(hardwareAddress: hardwareAddress)
        let lease = try exchange.lease(on: network)
        let (address, mask) = (lease.address.rawValue.bigEndian, lease.mask.rawValue.bigEndian)
        try check(unsafe cp_boot_set_address(network, address, mask), network)
        if let router = lease.router { try check(cp_boot_set_router(router.rawValue.bigEndian), network) }
    }

    private static func check(_ result: Int32, _ interface: String) throws(BootError) {
        guard result >= 0 else { throw .network(interface, ErrorNumber(-result)) }
    }

    /// Returns when the agent has ended by itself.
    private func serve() throws(BootError) {
        var started = cp_spawned()
        let result = unsafe withCStrings([agent] + arguments) { arguments in
            unsafe withCStrings(Self.environment) { environment in
                unsafe cp_start_program(agent, arguments, environment, 1, &started)
            }
        }
        guard result >= 0 else { throw .agent(ErrorNumber(-result)) }
        let process = Descriptor(owning: started.pidfd)
        let status = cp_boot_reap_until(process.number)
        guard status >= 0 else { throw .agent(ErrorNumber(-status)) }
        if status > 128 { throw .agentCrashed(signal: status - 128) }
    }
}

extension BootMount {
    fileprivate func mount() throws(BootError) {
        var flags = UInt32(CP_MOUNT_NO_EXECUTION)
        if !allowsDevices { flags |= UInt32(CP_MOUNT_NO_DEVICES) }
        let result = unsafe cp_boot_mount(kind, path, flags, options)
        guard result >= 0 else { throw .mount(path, ErrorNumber(-result)) }
    }
}

extension NamedFile {
    /// Reads a file of the initial ramdisk.
    public static func readMeasured(_ path: String, maximumByteCount: Int) throws(PlatformError) -> [UInt8] {
        let file = Descriptor(owning: try succeeded(unsafe cp_open(path, O_RDONLY | O_NOFOLLOW), "read \(path)"))
        let bytes = try file.read(upTo: maximumByteCount + 1, at: 0)
        guard bytes.count <= maximumByteCount else {
            throw .tooLarge(action: "read \(path)", maximumBytes: maximumByteCount)
        }
        return bytes
    }
}
