import MonitorService
import Primitives
import Testing

@Suite("Who a monitor lets in")
struct DoorTests {
    private static let path = String(repeating: "0a", count: 16)
    private static let cookie = String(repeating: "0b", count: 32)
    private static let token = FixedBytes<32>(repeating: 0x0C)
    private static let own = ("Host", "127.0.0.1:4000")
    private static let form = ("Content-Type", "application/x-www-form-urlencoded")
    private static let known = ("Cookie", "monitor=\(cookie)")

    private var door: Door {
        var door = Door(port: 4000, path: FixedBytes(repeating: 0x0A), cookie: FixedBytes(repeating: 0x0B))
        door.expect(Self.token)
        return door
    }

    private func reading(_ name: String = "", _ fields: (String, String)...) -> Door.Verdict {
        var door = door
        return door.verdict(on: Visit("GET", "/\(Self.path)/\(name)", fields: fields.map { (name: $0, value: $1) }))
    }

    private func entry(_ fields: (String, String)..., body: String, of door: inout Door) -> Door.Verdict {
        door.verdict(
            on: Visit(
                "POST", "/\(Self.path)/", fields: fields.map { (name: $0, value: $1) }, body: Array(body.utf8)))
    }

    private var right: String { "token=\(Self.token)" }

    @Test("lets a form of a file in, once for each token")
    func entersOnce() {
        var door = door
        #expect(entry(Self.own, Self.form, ("Origin", "null"), body: right, of: &door) == .enters)
        #expect(entry(Self.own, Self.form, ("Origin", "null"), body: right, of: &door) == .refused(.token))
        door.expect(FixedBytes(repeating: 0x0D))
        #expect(entry(Self.own, Self.form, body: right, of: &door) == .refused(.token))
        #expect(entry(Self.own, Self.form, body: "token=\(String(repeating: "0d", count: 32))", of: &door) == .enters)
    }

    @Test(
        "refuses another token, and one that is not spelled as it was drawn",
        arguments: ["", "token=", "token=0c", "Token=\(token)", "token=\(token)&x=1", "x=1&token=\(token)"])
    func otherTokens(_ body: String) {
        var door = door
        #expect(entry(Self.own, Self.form, body: body, of: &door) == .refused(.token))
        // A wrong one costs the right one nothing.
        #expect(entry(Self.own, Self.form, body: right, of: &door) == .enters)
    }

    @Test("refuses a token from another site's page, or in another form")
    func foreignForms() {
        var door = door
        let foreign = entry(Self.own, Self.form, ("Origin", "http://evil.test"), body: right, of: &door)
        #expect(foreign == .refused(.origin))
        let neighbour = entry(Self.own, Self.form, ("Origin", "http://127.0.0.1:4001"), body: right, of: &door)
        #expect(neighbour == .refused(.origin))
        #expect(entry(Self.own, body: right, of: &door) == .refused(.syntax))
        #expect(entry(Self.own, ("Content-Type", "text/plain"), body: right, of: &door) == .refused(.syntax))
        let long = right + String(repeating: "0", count: Visit.maximumBodyByteCount)
        #expect(entry(Self.own, Self.form, body: long, of: &door) == .refused(.size))
    }

    @Test("reads a page with the cookie, and none without")
    func cookies() {
        #expect(reading("", Self.own, Self.known) == .reads("index"))
        #expect(reading("results-1", Self.own, ("cookie", "a=b; monitor=\(Self.cookie)")) == .reads("results-1"))
        // Another server of this address can set a cookie of the same name; ours counts all the same.
        #expect(reading("", Self.own, ("Cookie", "monitor=x; monitor=\(Self.cookie)")) == .reads("index"))
        #expect(reading("", Self.own) == .refused(.cookie))
        #expect(reading("", Self.own, ("Cookie", "monitor=")) == .refused(.cookie))
        #expect(reading("", Self.own, ("Cookie", "other=\(Self.cookie)")) == .refused(.cookie))
        #expect(reading("", Self.own, ("Cookie", "monitor=\(Self.cookie)0")) == .refused(.cookie))
    }

    @Test(
        "refuses a host that is not this address and port, which a rebound name would be",
        arguments: ["evil.test:4000", "localhost:4000", "127.0.0.1", "127.0.0.1:4001", "127.0.0.1:4000.", "[::1]:4000"])
    func hosts(_ host: String) {
        #expect(reading("", ("Host", host), Self.known) == .refused(.host))
        #expect(reading("", Self.own, ("Host", host), Self.known) == .refused(.host))
    }

    @Test("refuses a request without a host")
    func noHost() {
        #expect(reading("", Self.known) == .refused(.host))
    }

    @Test("refuses what another page asks for, whether the browser names its origin or its site")
    func origins() {
        #expect(reading("", Self.own, Self.known, ("Origin", "null")) == .refused(.origin))
        #expect(reading("", Self.own, Self.known, ("Origin", "http://127.0.0.1:4001")) == .refused(.origin))
        #expect(reading("", Self.own, Self.known, ("Origin", "http://127.0.0.1:4000")) == .reads("index"))
        for site in ["cross-site", "same-site", "other"] {
            #expect(reading("", Self.own, Self.known, ("Sec-Fetch-Site", site)) == .refused(.origin))
        }
        for site in ["same-origin", "none"] {
            #expect(reading("", Self.own, Self.known, ("Sec-Fetch-Site", site)) == .reads("index"))
        }
    }

    @Test(
        "reads names of pages alone",
        arguments: [
            "../index", "open.html", "a/b", "A", "%2e%2e", "index?x", ".", "in dex", String(repeating: "a", count: 65),
        ])
    func names(_ name: String) {
        #expect(reading(name, Self.own, Self.known) == .refused(.place))
    }

    @Test("has everything below a path that nobody guesses", arguments: ["/", "/index", "/\(path)", "//\(path)/", ""])
    func places(_ target: String) {
        var door = door
        let fields = [(name: "Host", value: Self.own.1), (name: "Cookie", value: Self.known.1)]
        #expect(door.verdict(on: Visit("GET", target, fields: fields)) == .refused(.place))
    }

    @Test("knows two methods", arguments: ["HEAD", "PUT", "DELETE", "OPTIONS", "CONNECT", "get"])
    func methods(_ method: String) {
        var door = door
        let fields = [(name: "Host", value: Self.own.1), (name: "Cookie", value: Self.known.1)]
        #expect(door.verdict(on: Visit(method, "/\(Self.path)/", fields: fields)) == .refused(.method))
    }

    @Test("keeps its cookie from scripts, other sites and other servers of this address")
    func cookieField() {
        #expect(
            door.cookieField == "monitor=\(Self.cookie); Path=/\(Self.path)/; HttpOnly; SameSite=Strict")
        #expect(door.address == "http://127.0.0.1:4000/\(Self.path)/")
    }
}
