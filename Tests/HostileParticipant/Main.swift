import Evidence
import Foundation
import Keys
import Primitives
import Sealing

/// A participant whose program refuses nothing. For tests and demonstrations only.
///
///     hostile-participant seal EVIDENCE KEY PURPOSE SLOT CONTENT [SALT] > stream
///
/// The honest client appraises evidence, and compares code, data and slots with the manifest, before it seals. This
/// one seals what it is told, to whatever key the bundle names, so that one sees what the session itself refuses.
@main
enum Main {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard arguments.first == "seal", 6...7 ~= arguments.count else {
            FileHandle.standardError.write(
                Data("usage: hostile-participant seal EVIDENCE KEY PURPOSE SLOT CONTENT [SALT]\n".utf8))
            exit(64)
        }
        let words = Array(arguments.dropFirst())
        FileHandle.standardOutput.write(Data(try seal(words)))
    }

    private static func seal(_ words: [String]) throws -> [UInt8] {
        let bundle = try EvidenceBundle(decoding: try read(words[0]))
        guard case .open(let keys) = try KeyFile(decoding: try read(words[1])),
            let purpose = Purpose(rawValue: words[2])
        else { throw Misuse() }
        let content = try read(words[4])
        let salt = words.count > 5 ? FixedBytes<32>(hex: words[5]) : FixedBytes<32>(repeating: 0)
        guard let salt else { throw Misuse() }
        let header = StreamHeader(
            session: bundle.session.keys.sessionID(boundTo: bundle.session.bound), purpose: purpose,
            slot: words[3], length: content.count, salt: salt)
        return try StreamSealer.stream(
            of: content, to: bundle.session.keys.sealing, header: header, signedBy: keys.signing)
    }

    private static func read(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    private struct Misuse: Error {}
}
