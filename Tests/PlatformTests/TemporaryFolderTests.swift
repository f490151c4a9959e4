import Foundation
import Platform
import Testing

@Suite("Temporary folders")
final class TemporaryFolderTests: Sendable {
    private let place = FileManager.default.temporaryDirectory
        .appending(path: "2cvm-test-\(UUID().uuidString)").path

    init() throws {
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        #expect(unsafe chmod(place, 0o700) == 0)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: place)
    }

    private var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    }

    @Test("are their owner's alone, and gone when it is")
    func lifetime() throws {
        do {
            let folder = try TemporaryFolder(in: place)
            #expect(names == [folder.name])
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path)
            #expect(attributes[.posixPermissions] as? Int == 0o700)
            try folder.folder.makeFolder("deep/inside")
        }
        #expect(names == [])
    }

    @Test("of a process that is gone are removed by the next; those of a living one stay")
    func sweep() throws {
        let abandoned = place + "/2cvm-job-abandoned"
        let foreign = place + "/something-else"
        try FileManager.default.createDirectory(atPath: abandoned + "/job/out", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: foreign, withIntermediateDirectories: true)
        try Data("/etc\n/sys/fs/cgroup/nothing/2cvm-job-abandoned".utf8)
            .write(to: URL(filePath: abandoned + "/control-groups"))
        let living = try TemporaryFolder(in: place)
        #expect(Set(names) == [living.name, "something-else"])
        let second = try TemporaryFolder(in: place)
        #expect(Set(names) == [living.name, second.name, "something-else"])
    }

    @Test("are not made where others could exchange them", arguments: [0o777, 0o770, 0o702])
    func refuseOpenPlaces(_ mode: mode_t) {
        #expect(unsafe chmod(place, mode) == 0)
        #expect(throws: PlatformError.noTemporaryFolder) { _ = try TemporaryFolder(in: place) }
    }

    @Test("are not made in what is no folder", arguments: ["relative", "/nowhere/at/all", "/etc/passwd", ""])
    func refuseOtherThings(_ path: String) {
        #expect(throws: PlatformError.noTemporaryFolder) { _ = try TemporaryFolder(in: path) }
    }

    @Test("are made under a sticky bit")
    func acceptSticky() throws {
        #expect(unsafe chmod(place, 0o1777) == 0)
        _ = try TemporaryFolder(in: place)
    }
}
