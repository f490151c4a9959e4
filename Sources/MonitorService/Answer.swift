internal import NIOCore
internal import NIOHTTP1
internal import Pages

/// A whole answer: a page, and what a browser must hold to while it shows it.
struct Answer {
    let status: HTTPResponseStatus
    private let file: [UInt8]
    private let policy: String
    private var more: [(name: String, value: String)] = []

    /// - Returns: `nil` for what is no page: nothing else is sent.
    private init?(_ status: HTTPResponseStatus, file: [UInt8]) {
        guard let policy = Page.policy(in: file) else { return nil }
        self.status = status
        self.file = file
        self.policy = policy
    }

    /// A page that may be read.
    ///
    /// - Parameter isLive: whether the browser loads it anew after a while.
    static func reads(_ file: [UInt8], isLive: Bool) -> Answer? {
        var answer = Answer(.ok, file: file)
        if isLive { answer?.more.append(("Refresh", "\(MonitorPages.refreshSeconds)")) }
        return answer
    }

    /// The token was right. The browser goes on by itself, and from a page of this origin: only then does it send a
    /// cookie that is strict.
    static func enters(_ door: Door) -> Answer? {
        var answer = Answer(.ok, file: Page.entered.encoded)
        answer?.more = [("Set-Cookie", door.cookieField), ("Refresh", "0;url=./")]
        return answer
    }

    static func refuses(_ refusal: Door.Refusal) -> Answer? {
        var answer = Answer(refusal.status, file: Page.refusal(refusal.title, refusal.advice).encoded)
        if refusal == .method { answer?.more = [("Allow", "GET, POST")] }
        return answer
    }

    /// What is written to the browser, which then asks on another connection.
    var parts: [HTTPServerResponsePart] {
        var headers = HTTPHeaders([
            ("Content-Type", "text/html; charset=utf-8"), ("Content-Length", "\(file.count)"),
            ("Content-Security-Policy", policy + "; frame-ancestors 'none'"), ("Cache-Control", "no-store"),
            ("X-Content-Type-Options", "nosniff"), ("X-Frame-Options", "DENY"), ("Referrer-Policy", "no-referrer"),
            ("Cross-Origin-Opener-Policy", "same-origin"), ("Cross-Origin-Resource-Policy", "same-origin"),
            ("Connection", "close"),
        ])
        headers.add(contentsOf: more)
        return [
            .head(HTTPResponseHead(version: .http1_1, status: status, headers: headers)),
            .body(.byteBuffer(ByteBuffer(bytes: file))), .end(nil),
        ]
    }
}

extension Door.Refusal {
    fileprivate var status: HTTPResponseStatus {
        switch self {
        case .host: .misdirectedRequest
        case .method: .methodNotAllowed
        case .place: .notFound
        case .origin, .cookie, .token: .forbidden
        case .syntax: .badRequest
        case .size: .payloadTooLarge
        }
    }

    fileprivate var title: String {
        switch self {
        case .host: "Another host"
        case .method: "Not a way to ask"
        case .place: "Nothing is here"
        case .origin: "Another page asked"
        case .cookie: "Not let in"
        case .token: "This file counts no more"
        case .syntax, .size: "Not understood"
        }
    }

    fileprivate var advice: String {
        switch self {
        case .token, .cookie:
            "Open the file that the monitor printed: each time that it lets somebody in, it is made anew."
        default: "Open the file that the monitor printed."
        }
    }
}
