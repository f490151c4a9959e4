/// Where a peer is, as far as one can be told from the next: an IPv4 address, or of an IPv6 address its first 64 bits,
/// since whoever has one has all that begin so.
package struct PeerNetwork: Hashable, Sendable {
    private let text: String

    /// - Parameter address: as the system prints it; `nil` where it knows none.
    package init(_ address: String?) {
        let address = address ?? ""
        guard address.contains(":") else {
            text = address
            return
        }
        // IPv4 through an IPv6 socket: ::ffff:192.0.2.1.
        if let last = address.split(separator: ":").last, last.contains(".") {
            text = String(last)
            return
        }
        let halves = address.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
            .map { $0.split(separator: ":") }
        let written = halves.reduce(0) { $0 + $1.count }
        let zeros = [Substring](repeating: "0", count: max(0, 8 - written))
        let groups = halves.count == 2 ? halves[0] + zeros + halves[1] : halves[0]
        text = groups.prefix(4).joined(separator: ":")
    }
}
