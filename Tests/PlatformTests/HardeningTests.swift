import Foundation
import Platform
import Testing

@Suite("A file with a secret")
struct SecretFileTests {
    @Test("is read where it is its owner's alone, and refused where others could read or write it")
    func modes() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "2cvm-secret-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "secret").path
        try NamedFile.create(path, [1, 2, 3], mode: 0o600)
        #expect(try NamedFile.readSecret(path, maximumByteCount: 3) == [1, 2, 3])
        #expect(throws: PlatformError.self) { try NamedFile.readSecret(path, maximumByteCount: 2) }
        for mode in [0o640, 0o604, 0o620, 0o602, 0o610, 0o601] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
            #expect(throws: PlatformError.notPrivate(action: "read \(path)")) {
                try NamedFile.readSecret(path, maximumByteCount: 3)
            }
        }
        #expect(throws: PlatformError.notRegular(action: "read \(folder.path)")) {
            try NamedFile.readSecret(folder.path, maximumByteCount: 3)
        }
    }

    @Test("is counted against what the machine has")
    func machine() throws {
        #expect(Machine.memoryByteCount > 1 << 26)
        #expect(try Machine.freeByteCount(in: "/") >= 0)
        #expect(throws: PlatformError.self) { try Machine.freeByteCount(in: "/nonexistent") }
        #expect(try Machine.isInMemory("/dev/shm"))
        #expect(try !Machine.isInMemory("/proc"))
        #expect(Program.allowOpenFiles(64) >= 64)
    }
}
