import Foundation
import Platform
import TestSupport
import Testing
import WorkerJob

/// What a hostile worker tries, and the walls of which each alone stops it.
///
/// An attempt is a function in `CWallProbe.c`. Every one runs in a worker of its own, started as in production.
@Suite("Walls")
struct WallTests {
    static let attempts: [(name: String, walls: Set<Wall>)] = [
        ("read_passwd", [.fileRoot, .fileRules]), ("climb_from_folder", [.fileRoot, .fileRules]),
        ("climb_from_current", [.fileRoot, .fileRules]), ("read_process_one", [.fileRoot, .fileRules]),
        ("read_own_maps", [.fileRoot, .fileRules]), ("write_temporary", [.fileRoot, .fileRules]),
        ("follow_link", [.fileRoot, .fileRules]), ("use_device", [.fileRoot, .fileRules]),
        ("write_folder", [.fileRoot, .fileRules]), ("write_job", [.fileRoot, .fileRules]),
        ("write_input", [.fileRoot, .fileRules]), ("cut_input", [.fileRoot, .systemCalls]),
        ("remove_input", [.fileRoot, .fileRules]), ("make_symlink", [.fileRules, .systemCalls]),
        ("make_link", [.systemCalls]), ("make_pipe", [.fileRules, .systemCalls]), ("change_mode", [.systemCalls]),
        ("make_whiteout", [.systemCalls]), ("allocate_unseen", [.systemCalls]),
        ("write_too_long", [.limits]), ("take_memory", [.limits]),
        ("fork_process", [.systemCalls]), ("clone_process", [.systemCalls]), ("clone3_process", [.systemCalls]),
        ("execute", [.fileRoot, .fileRules, .systemCalls]), ("trace", [.systemCalls]),
        ("send_signal", [.systemCalls]), ("signal_everyone", [.systemCalls]), ("signal_thread", [.systemCalls]),
        ("mount_memory", [.capabilities, .systemCalls]), ("new_namespace", [.systemCalls]),
        ("become_root", [.identity, .systemCalls]), ("become_dumpable", [.systemCalls]),
        ("outlive_parent", [.systemCalls]), ("change_limit", [.systemCalls]),
        ("open_socket", [.systemCalls]), ("open_socket_pair", [.systemCalls]),
        ("map_machine_code", [.systemCalls]), ("open_machine_code", [.fileRoot, .fileRules]),
        ("write_machine_code", []),
        ("map_writable_code", [.systemCalls]), ("make_code_writable", [.systemCalls]),
        ("make_memory_file", [.systemCalls]), ("map_code_twice", [.systemCalls]),
        ("map_code_twice_by_overflow", [.systemCalls]), ("map_code_file_shared", [.systemCalls]),
        ("map_code_file_validated", [.systemCalls]), ("write_mapped_code", [.systemCalls]),
        ("map_code_at_once", [.systemCalls]), ("take_shared_memory", [.systemCalls]),
        ("map_over_code", [.systemCalls]), ("grow_in_place", [.systemCalls]), ("advise_otherwise", [.systemCalls]),
        ("ask_system", [.systemCalls]), ("ask_load", [.systemCalls]), ("ask_limit", [.systemCalls]),
        ("open_pipe", [.systemCalls]), ("copy_descriptor", [.systemCalls]), ("signal_itself", [.systemCalls]),
        ("change_flags", [.systemCalls]),
        ("find_descriptor", []), ("find_environment", []),
    ]

    /// Calls that a worker has no use for, and that end it whatever their arguments.
    static let deadly = [
        "call_x32", "call_32bit", "call_bpf", "call_keyctl", "call_perf", "call_open_by_handle", "call_read_process",
        "call_pidfd", "call_module", "call_pivot", "call_chroot", "call_unknown", "fork_process", "clone_process",
        "execute", "trace", "signal_everyone", "mount_memory", "new_namespace", "become_root", "open_pipe",
        "copy_descriptor", "signal_itself",
    ]

    /// Refused for reasons that no wall gives, or limits that the parent sets before there is a worker.
    static let refusedAnyway: Set = [
        "write_too_long", "take_memory", "find_descriptor", "write_machine_code", "find_environment",
        "signal_everyone", "signal_thread",
        // Without walls a worker is still in an empty process namespace, and the parent's linker finds no library.
        "execute", "clone3_process", "new_namespace", "mount_memory", "become_root", "follow_link",
        // A machine may mount what lies in memory so that no file there is executed.
        "map_code_file_shared", "map_code_file_validated", "write_mapped_code",
    ]

    @Test("stop every attempt", arguments: attempts)
    func stop(_ attempt: (name: String, walls: Set<Wall>)) throws {
        let judgement = try Judgement.of(attempt.name)
        guard attempt.walls.isEmpty || !attempt.walls.isSubset(of: judgement.missing) else {
            try Test.skip("\(attempt.name): this machine lacks \(judgement.missing.map(\.title))")
        }
        #expect(judgement.outcome == "killed" || judgement.outcome.hasPrefix("refused"), "\(judgement)")
    }

    @Test("end the process at a call that it has no use for", arguments: deadly)
    func end(_ attempt: String) throws {
        let judgement = try Judgement.of(attempt)
        guard !judgement.missing.contains(.systemCalls) else {
            try Test.skip("\(attempt): this machine has no system call filter")
        }
        #expect(judgement.outcome == "killed")
    }

    @Test(
        "are what stops it: without them the same attempt succeeds",
        arguments: attempts.map(\.name).filter { !refusedAnyway.contains($0) })
    func standWithReason(_ attempt: String) throws {
        #expect(try Judgement.of("bare:" + attempt).outcome == "succeeded")
    }

    @Test(
        "leave a worker what it needs",
        arguments: [
            "write_output", "write_log", "read_input", "rename_output", "start_threads", "run_code",
            "reserve_addresses", "grow_heap_block",
        ])
    func leave(_ attempt: String) throws {
        #expect(try Judgement.of(attempt).outcome == "succeeded")
    }

    @Test("stand for an ordinary user too", arguments: attempts)
    func standWithoutPrivilege(_ attempt: (name: String, walls: Set<Wall>)) throws {
        let judgement = try Judgement.ofOrdinaryUser(attempt.name)
        guard attempt.walls.isEmpty || !attempt.walls.isSubset(of: judgement.missing) else {
            try Test.skip("\(attempt.name): an ordinary user lacks \(judgement.missing.map(\.title))")
        }
        #expect(judgement.outcome == "killed" || judgement.outcome.hasPrefix("refused"), "\(judgement)")
    }

    @Test("leave an ordinary user's worker what it needs", arguments: ["write_output", "write_log", "start_threads"])
    func leaveWithoutPrivilege(_ attempt: String) throws {
        let judgement = try Judgement.ofOrdinaryUser(attempt)
        #expect(judgement.outcome == "succeeded")
    }

    @Test("that are missing survive the way to the parent", arguments: Wall.allCases)
    func announcement(_ wall: Wall) throws {
        var report = WallReport()
        #expect(report.isComplete && report.announcement.isEmpty)
        report.add(MissingWall(wall, ErrorNumber(38)))
        #expect(report.announcement.count == 2)
        let announced = try #require(AnnouncedWall(report.announcement[0], report.announcement[1]))
        #expect(MissingWall(announced) == report.missing[0])
        #expect(AnnouncedWall.begins(with: report.announcement[0]))
    }

    @Test(
        "cannot be mistaken for a step or a verdict", arguments: [0x00, 0x01, 0x02, 0x3F, 0x40, 0x5F, 0x60, 0x80, 0xFF])
    func foreignBytes(_ byte: UInt8) {
        #expect(AnnouncedWall(byte, 1) == nil)
    }
}

/// What `wall-probe judge` says of one attempt.
struct Judgement {
    let outcome: String
    let missing: Set<Wall>

    static func of(_ attempt: String) throws -> Judgement {
        try Judgement(output: run(try Program.sibling("wall-probe"), ["judge", attempt]))
    }

    /// The same as nobody; skipped where this process may not become nobody, or nobody may not run the probe.
    static func ofOrdinaryUser(_ attempt: String) throws -> Judgement {
        guard getuid() == 0, FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") else {
            try Test.skip("\(attempt): only root can become an ordinary user")
        }
        let nobody = ["--reuid=65534", "--regid=65534", "--clear-groups", "--"]
        let probe = try Program.sibling("wall-probe")
        guard try run("/usr/bin/setpriv", nobody + ["/usr/bin/test", "-x", probe], expecting: nil).status == 0 else {
            try Test.skip("\(attempt): an ordinary user cannot reach \(probe)")
        }
        return try Judgement(output: run("/usr/bin/setpriv", nobody + [probe, "judge", attempt]))
    }

    private init(output: (text: String, status: Int32)) throws {
        let words = output.text.split(whereSeparator: \.isWhitespace)
        try #require(words.count == 3, "the probe printed \(output.text)")
        outcome = String(words[1])
        missing = Set(words[2].split(separator: ",").compactMap { UInt8($0).flatMap(Wall.init) })
    }

    private static func run(
        _ program: String, _ arguments: [String], expecting status: Int32? = 0
    ) throws -> (text: String, status: Int32) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardOutput = output
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        if let status { #expect(process.terminationStatus == status) }
        return (String(decoding: text, as: UTF8.self), process.terminationStatus)
    }
}
