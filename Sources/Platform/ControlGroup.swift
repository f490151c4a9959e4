internal import Glibc
internal import WorkerJob

/// A control group for one worker, removed when its owner goes away.
///
/// Version 2 where it has the controllers; version 1 for those that it lacks. Memory and threads may then lie in
/// other hierarchies than the one that can end a group as a whole.
struct ControlGroup: ~Copyable, Sendable {
    /// The group's folder in one hierarchy, and the walls that stand there.
    private struct Member {
        let path: String
        /// As `/proc/self/cgroup` names the hierarchy: empty for version 2.
        let controller: String
        var walls: [Wall]
    }

    private let name: String
    private var members: [Member] = []
    private var unifiedEntrance: Descriptor?
    private var memoryEntrance: Descriptor?
    private var threadEntrance: Descriptor?
    private(set) var report = WallReport()

    /// - Parameter name: unique on this machine, and the group's folder's name.
    init(named name: String, memoryBytes: Int, threads: Int) {
        self.name = name
        let hierarchies = ControlHierarchies()
        var error = ENOENT
        if let group = Self.unifiedGroup(name, in: hierarchies.unified, &error) {
            members.append(Member(path: group, controller: "", walls: [.killGroup]))
            unifiedEntrance = Self.entrance(group, O_RDONLY | O_DIRECTORY)
            _ = writeText("0", to: group + "/memory.swap.max")
            if writeText("\(memoryBytes)", to: group + "/memory.max") >= 0 { members[0].walls.append(.memoryGroup) }
            if writeText("\(threads)", to: group + "/pids.max") >= 0 { members[0].walls.append(.threadGroup) }
        } else {
            report.note(.killGroup, -error)
        }
        if let path = bound(.memoryGroup, "memory", in: hierarchies.memory, ("memory.limit_in_bytes", memoryBytes)) {
            memoryEntrance = Self.entrance(path + "/tasks", O_WRONLY)
        }
        if let path = bound(.threadGroup, "pids", in: hierarchies.threads, ("pids.max", threads)) {
            threadEntrance = Self.entrance(path + "/tasks", O_WRONLY)
        }
    }

    deinit {
        for member in members { _ = Self.remove(member.path) }
    }

    /// The folders that remain if this process is killed.
    var paths: [String] { members.map(\.path) }

    /// How a process that is made enters by itself: descriptors, or -1.
    var entrances: (unified: Int32, memory: Int32, threads: Int32) {
        (number(of: unifiedEntrance), number(of: memoryEntrance), number(of: threadEntrance))
    }

    /// Notes where a process is, and puts it into the hierarchies that it has not entered.
    mutating func complete(with process: Int32) {
        let places = readText("/proc/\(process)/cgroup")?.split(separator: "\n") ?? []
        for member in members {
            // NUMBER:CONTROLLERS:PATH. The name is this group's alone.
            let isInside = places.contains { place in
                let fields = place.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
                guard fields.count == 3, fields[2].hasSuffix("/" + name) else { return false }
                let controllers = fields[1].split(separator: ",", omittingEmptySubsequences: false)
                return controllers.contains(member.controller[...])
            }
            let result = isInside ? 0 : writeText("\(process)", to: member.path + "/cgroup.procs")
            for wall in member.walls { report.note(wall, result) }
        }
    }

    /// Ends every process of the group.
    func kill() {
        for member in members where member.walls.contains(.killGroup) {
            _ = writeText("1", to: member.path + "/cgroup.kill")
        }
    }

    /// Whether the kernel ended a process of the group because it used more memory than the bound.
    var exceededMemory: Bool {
        members.contains { member in
            // Version 2, version 1.
            ["memory.events", "memory.oom_control"].contains { file in
                let lines = readText(member.path + "/" + file)?.split(separator: "\n") ?? []
                return lines.contains { $0.hasPrefix("oom_kill ") && $0 != "oom_kill 0" }
            }
        }
    }

    /// Ends what is left in a group whose owner is gone, and removes it.
    ///
    /// - Returns: whether it is gone.
    static func removeAbandoned(_ path: String) -> Bool {
        _ = writeText("1", to: path + "/cgroup.kill")
        return remove(path)
    }

    /// Removes a group, whose processes may still be ending. Returns whether it is gone.
    private static func remove(_ path: String) -> Bool {
        for _ in 0..<1_000 {
            if unsafe rmdir(path) == 0 || errno == ENOENT { return true }
            guard errno == EBUSY else { return false }
            usleep(2_000)
        }
        return false
    }

    /// The first place that gives a group with a memory bound; else the first that gives a group at all.
    private static func unifiedGroup(_ name: String, in places: [String], _ error: inout Int32) -> String? {
        var fallback: String?
        for place in places {
            // Fails where it is set already, and where processes of the parent group stand in the way.
            _ = writeText("+memory +pids", to: place + "/cgroup.subtree_control")
            let path = place + "/" + name
            guard unsafe mkdir(path, 0o755) == 0 else {
                error = errno
                continue
            }
            if unsafe access(path + "/memory.max", W_OK) == 0 {
                if let fallback { _ = remove(fallback) }
                return path
            }
            if fallback == nil { fallback = path } else { _ = remove(path) }
        }
        return fallback
    }

    private static func entrance(_ path: String, _ flags: Int32) -> Descriptor? {
        let number = unsafe open(path, flags | O_CLOEXEC)
        return number < 0 ? nil : Descriptor(owning: number)
    }

    /// Makes a group of version 1, unless version 2 has the wall.
    ///
    /// - Returns: its folder.
    private mutating func bound(
        _ wall: Wall, _ controller: String, in place: String?, _ setting: (file: String, value: Int)
    ) -> String? {
        if members.contains(where: { $0.walls.contains(wall) }) { return nil }
        var result = -ENOENT
        var made: String?
        if let path = place.map({ $0 + "/" + name }) {
            result = unsafe mkdir(path, 0o755) == 0 ? 0 : -errno
            if result >= 0 {
                made = path
                result = writeText("\(setting.value)", to: path + "/" + setting.file)
                members.append(Member(path: path, controller: controller, walls: result >= 0 ? [wall] : []))
            }
        }
        report.note(wall, result)
        return made
    }
}

/// Where control groups can be made: this process's own group in each hierarchy, at the customary mount points.
private struct ControlHierarchies {
    /// Version 2: the own group, then the uppermost that can be seen.
    private(set) var unified: [String] = []
    /// Version 1.
    private(set) var memory: String?
    private(set) var threads: String?

    init() {
        let root = "/sys/fs/cgroup"
        let unifiedRoot = [root, root + "/unified"].first { unsafe access($0 + "/cgroup.controllers", F_OK) == 0 }
        for line in (readText("/proc/self/cgroup") ?? "").split(separator: "\n") {
            // HIERARCHY:CONTROLLERS:PATH, without controllers for version 2.
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, fields[2].first == "/" else { continue }
            let path = fields[2] == "/" ? "" : String(fields[2])
            let controllers = fields[1].split(separator: ",")
            if fields[1].isEmpty, let unifiedRoot {
                unified = path.isEmpty ? [unifiedRoot] : [unifiedRoot + path, unifiedRoot]
            }
            if controllers.contains("memory") { memory = root + "/memory" + path }
            if controllers.contains("pids") { threads = root + "/pids" + path }
        }
    }
}

/// 0, or a negated `errno`.
private func writeText(_ text: String, to path: String) -> Int32 {
    let number = unsafe open(path, O_WRONLY | O_CLOEXEC)
    guard number >= 0 else { return -errno }
    do throws(PlatformError) {
        try Descriptor(owning: number).write(Array(text.utf8))
        return 0
    } catch .system(_, let error) {
        return -error.rawValue
    } catch {
        return -EIO
    }
}

/// The beginning of one of the kernel's small files.
func readText(_ path: String) -> String? {
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { return nil }
    guard let bytes = try? Descriptor(owning: number).read(upTo: 16_384, at: 0) else { return nil }
    return String(validating: bytes, as: UTF8.self)
}
