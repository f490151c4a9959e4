package import Primitives

/// A request, as far as the door looks at it.
package struct Visit: Sendable {
    let method: String
    let target: String
    let fields: [(name: String, value: String)]
    let body: [UInt8]

    /// Bytes of a body that is read: more than a token needs.
    package static let maximumBodyByteCount = 256

    /// States a request.
    ///
    /// - Parameters:
    ///   - method: in capitals.
    ///   - target: as it was sent.
    ///   - fields: of the header, in any order.
    ///   - body: all of it.
    package init(_ method: String, _ target: String, fields: [(name: String, value: String)], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.fields = fields
        self.body = body
    }

    fileprivate func values(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name }.map(\.value)
    }
}

/// Who is let in, as a value.
///
/// Everything on this machine can reach a port of 127.0.0.1: other users, and every page that the browser shows. So a
/// request must name this host and port, come from no other origin, and know a path and a cookie that only the browser
/// has which was let in by the token. The cookie belongs to that path: cookies are not bound to a port, so without it
/// another user's server on another port would be sent ours.
package struct Door: Sendable {
    /// What becomes of a request.
    package enum Verdict: Equatable, Sendable {
        /// The token was right, and counts no more.
        case enters
        /// The page of this name may be read.
        case reads(String)
        case refused(Refusal)
    }

    /// Why nothing is shown.
    package enum Refusal: Equatable, Sendable, CaseIterable {
        case host, method, origin, place, cookie, token, syntax, size
    }

    private let authority: String
    private let path: String
    private let cookie: String
    /// Of the only token that counts. Digests are compared: how long that takes says nothing of the token.
    private var token: SHA256Digest?

    private static let cookieName = "monitor"

    /// Opens at a port of this machine.
    ///
    /// - Parameters:
    ///   - port: of 127.0.0.1.
    ///   - path: random: below it everything lies.
    ///   - cookie: random: what the browser that was let in shows.
    package init(port: Int, path: FixedBytes<16>, cookie: FixedBytes<32>) {
        authority = "127.0.0.1:\(port)"
        self.path = "/\(path)/"
        self.cookie = "\(cookie)"
    }

    private var origin: String { "http://\(authority)" }

    /// Where the token is posted, and what is read first.
    package var address: String { origin + path }

    /// What makes a browser known. Scripts do not see it, and no other site's page makes the browser send it.
    package var cookieField: String { "\(Self.cookieName)=\(cookie); Path=\(path); HttpOnly; SameSite=Strict" }

    /// Lets one more browser in, by this token alone.
    package mutating func expect(_ token: FixedBytes<32>) {
        self.token = Self.digest("\(token)")
    }

    /// Judges a request. A token counts once.
    package mutating func verdict(on visit: Visit) -> Verdict {
        // A page whose name was turned to this address names itself here (DNS rebinding).
        guard visit.values("host") == [authority] else { return .refused(.host) }
        switch visit.method {
        case "GET": return reading(visit)
        case "POST": return entry(visit)
        default: return .refused(.method)
        }
    }

    private func reading(_ visit: Visit) -> Verdict {
        guard visit.values("origin").allSatisfy({ $0 == origin }),
            visit.values("sec-fetch-site").allSatisfy({ $0 == "same-origin" || $0 == "none" })
        else { return .refused(.origin) }
        guard visit.target.hasPrefix(path) else { return .refused(.place) }
        guard visit.values("cookie").contains(where: isKnown) else { return .refused(.cookie) }
        let name = visit.target.dropFirst(path.count)
        guard name.utf8.count <= 64, name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || Self.others.contains($0) })
        else { return .refused(.place) }
        return .reads(name.isEmpty ? "index" : String(name))
    }

    private static let others = Set("0123456789-".utf8)

    private mutating func entry(_ visit: Visit) -> Verdict {
        // A form in a file has no origin that it could name.
        guard visit.values("origin").allSatisfy({ $0 == origin || $0 == "null" }) else { return .refused(.origin) }
        guard visit.target == path else { return .refused(.place) }
        guard visit.values("content-type") == ["application/x-www-form-urlencoded"] else { return .refused(.syntax) }
        guard visit.body.count <= Visit.maximumBodyByteCount else { return .refused(.size) }
        let body = String(decoding: visit.body, as: UTF8.self)
        guard body.hasPrefix("token="), let token, Self.digest(String(body.dropFirst(6))) == token else {
            return .refused(.token)
        }
        self.token = nil
        return .enters
    }

    private func isKnown(_ field: String) -> Bool {
        field.split(separator: ";").contains { pair in
            let pair = pair.drop { $0 == " " }
            guard pair.hasPrefix("\(Self.cookieName)=") else { return false }
            return Self.digest(String(pair.dropFirst(Self.cookieName.count + 1))) == Self.digest(cookie)
        }
    }

    private static func digest(_ text: String) -> SHA256Digest { SHA256Digest(sha256: text.utf8) }
}
