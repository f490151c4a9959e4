import Platform
import Primitives
import SEVGuest
import Synchronization
import Testing

/// Plays configfs.
private final class RecordedFiles: TSMFiles, Sendable {
    struct State {
        /// Content by the file's name; an `errno` for what cannot be read.
        var content: [String: Result<[UInt8], ErrorNumber>]
        var makeErrors: [Int32] = []
        var writeErrors: [String: Int32] = [:]
        var written: [String: [UInt8]] = [:]
        var folders: Set<String> = []
    }

    let state: Mutex<State>

    init(_ state: State) {
        self.state = Mutex(state)
    }

    func makeFolder(_ path: String) throws(ErrorNumber) {
        let error = state.withLock { state -> Int32? in
            if !state.makeErrors.isEmpty { return state.makeErrors.removeFirst() }
            state.folders.insert(path)
            return nil
        }
        if let error { throw ErrorNumber(error) }
    }

    func removeFolder(_ path: String) {
        state.withLock { _ = $0.folders.remove(path) }
    }

    func write(_ bytes: [UInt8], to path: String) throws(ErrorNumber) {
        let name = String(path.split(separator: "/").last ?? "")
        let error = state.withLock { state -> Int32? in
            state.written[name] = bytes
            return state.writeErrors[name]
        }
        if let error { throw ErrorNumber(error) }
    }

    func read(_ path: String, maximumByteCount: Int) throws(ErrorNumber) -> [UInt8] {
        let name = String(path.split(separator: "/").last ?? "")
        let content = state.withLock { $0.content[name] } ?? .failure(ErrorNumber(2))
        let bytes = try content.get()
        guard bytes.count <= maximumByteCount else { throw ErrorNumber(27) }
        return bytes
    }
}

@Suite("Reports through configfs")
struct SEVGuestTSMTests {
    private let reportData = FixedBytes<64>(repeating: 0xA5)

    private var report: [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 1184)
        for index in 0x50..<0x90 { bytes[index] = 0xA5 }
        return bytes
    }

    private func files(_ change: (inout RecordedFiles.State) -> Void = { _ in }) -> RecordedFiles {
        var state = RecordedFiles.State(content: [
            "provider": .success(Array("sev_guest\n".utf8)), "generation": .success(Array("2\n".utf8)),
            "outblob": .success(report), "auxblob": .success([7, 8]),
        ])
        change(&state)
        return RecordedFiles(state)
    }

    private func error(_ change: (inout RecordedFiles.State) -> Void) -> SEVGuestError? {
        let files = files(change)
        do throws(SEVGuestError) {
            _ = try TSMReports(files: files).report(on: reportData, at: .vmpl2)
            return nil
        } catch {
            #expect(files.state.withLock { $0.folders.isEmpty }, "the request is removed")
            return error
        }
    }

    @Test("writes the level and the data, reads report and certificates, and leaves nothing behind")
    func asks() throws {
        let files = files()
        let report = try TSMReports(files: files).report(on: reportData, at: .vmpl2)
        #expect(report.report.bytes == self.report)
        #expect(report.certificateTable == [7, 8])
        let state = files.state.withLock { $0 }
        #expect(state.written == ["privlevel": Array("2".utf8), "inblob": reportData.bytes])
        #expect(state.folders.isEmpty)
    }

    @Test("takes a provider without certificates", arguments: [nil, [UInt8]()])
    func withoutCertificates(_ content: [UInt8]?) throws {
        let files = files { $0.content["auxblob"] = content.map { .success($0) } }
        #expect(try TSMReports(files: files).report(on: reportData, at: .vmpl0).certificateTable.isEmpty)
    }

    @Test("takes the report alone where the host's certificates are too many, or cannot be read")
    func unreadableCertificates() throws {
        let contents: [Result<[UInt8], ErrorNumber>] = [
            .success([UInt8](repeating: 0, count: 32_769)), .failure(ErrorNumber(5)),
        ]
        for content in contents {
            let files = files { $0.content["auxblob"] = content }
            #expect(try TSMReports(files: files).report(on: reportData, at: .vmpl0).certificateTable.isEmpty)
        }
    }

    @Test("tries another name where one is taken, and not for ever")
    func triesNames() throws {
        #expect(throws: Never.self) {
            try TSMReports(files: files { $0.makeErrors = [17, 17] }).report(on: reportData, at: .vmpl0)
        }
        #expect(error { $0.makeErrors = [Int32](repeating: 17, count: 16) } == .busy)
    }

    @Test("refuses another technology's reports, and prints its name safely")
    func refusesProvider() {
        #expect(error { $0.content["provider"] = .success(Array("tdx_guest".utf8)) } == .otherProvider("tdx_guest"))
        #expect(error { $0.content["provider"] = .success([0x1B, 0x5B, 0x6D]) } == .otherProvider("?[m"))
    }

    @Test("refuses a report when somebody else wrote meanwhile", arguments: ["1", "3", "2000", ""])
    func refusesGeneration(_ generation: String) {
        #expect(error { $0.content["generation"] = .success(Array(generation.utf8)) } == .changedMeanwhile)
    }

    @Test("refuses an answer that is no report on this data")
    func refusesReports() {
        let expected = SEVGuestError.malformedAnswer("a report of 1184 bytes")
        #expect(error { $0.content["outblob"] = .success([]) } == expected)
        #expect(error { $0.content["outblob"] = .success(report + [0]) } == expected)
        #expect(error { $0.content["outblob"] = .success(Array(report.dropLast())) } == expected)
        #expect(error { $0.content["outblob"] = .success([UInt8](repeating: 1, count: 1184)) } == .otherReportData)
        let huge = SEVGuestError.malformedAnswer("one of at most 32768 bytes")
        #expect(error { $0.content["outblob"] = .success([UInt8](repeating: 0, count: 32_769)) } == huge)
    }

    @Test(
        "tells one failure from another",
        arguments: [
            (Int32(22), SEVGuestError.wrongLevel(.vmpl2)), (25, .channelClosed), (110, .busy), (16, .busy),
            (13, .notPermitted(TSMReports.folder)), (19, .noDevice(TSMReports.folder)),
        ])
    func tellsFailures(_ number: Int32, _ expected: SEVGuestError) {
        #expect(error { $0.content["outblob"] = .failure(ErrorNumber(number)) } == expected)
        #expect(error { $0.writeErrors["privlevel"] = number } == expected)
        #expect(error { $0.writeErrors["inblob"] = number } == expected)
    }

    @Test("says so where there is no configfs, and where it may not be used")
    func saysWhatIsMissing() {
        #expect(error { $0.makeErrors = [2] } == .noDevice(TSMReports.folder))
        #expect(error { $0.makeErrors = [1] } == .notPermitted(TSMReports.folder))
    }
}
