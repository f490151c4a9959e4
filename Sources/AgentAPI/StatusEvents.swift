internal import Primitives

/// The text of `GET /v1/events`: server-sent events (WHATWG HTML, section 9.2), one line of data for each status.
package enum StatusEvents {
    /// A sign of life.
    package static let comment = Array(":\n\n".utf8)

    /// One status.
    package static func event(_ status: AgentStatus) -> [UInt8] {
        Array("event: status\ndata: ".utf8) + status.json.canonicalBytes + Array("\n\n".utf8)
    }

    /// Takes the statuses out of a stream of bytes.
    package struct Reader: Sendable {
        /// What cannot be read.
        package enum Fault: Error { case form, tooLong }

        private var rest: [UInt8] = []

        /// Begins before the first byte.
        package init() {}

        /// - Returns: the statuses in the lines that are whole now.
        package mutating func append(_ piece: [UInt8]) throws(Fault) -> [AgentStatus] {
            rest += piece
            var found: [AgentStatus] = []
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest[..<end]
                if line.starts(with: Array("data:".utf8)) {
                    let data = Array(line.dropFirst(5).drop { $0 == UInt8(ascii: " ") })
                    guard let status = AgentStatus(decoding: data) else { throw .form }
                    found.append(status)
                }
                rest.removeSubrange(...end)
            }
            guard rest.count <= AgentStatus.maximumByteCount else { throw .tooLong }
            return found
        }
    }
}
