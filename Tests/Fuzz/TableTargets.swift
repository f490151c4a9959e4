import Formats
import Primitives

extension Target {
    /// What a file may be, and what leaves a session.
    static let tables: [Target] = [
        Target("format", .json, seeds: { formatSeeds }) { bytes in format(bytes) },
        Target("gate", .json, seeds: { gateSeeds }) { bytes in gate(bytes) },
        Target("draft", seeds: { draftSeeds }) { bytes in draft(bytes) },
        Target("gate-finding", .json) { bytes in
            guard let finding = GateFinding(String(decoding: bytes, as: UTF8.self)) else { return }
            let text = String(decoding: finding.json.canonicalBytes, as: UTF8.self)
            claim(GateFinding(text) == finding, "a finding gives back")
        },
        Target("gate-job", .json, seeds: { gateJobs }) { bytes in
            guard let (job, _) = decoded({ try GateJob.read(bytes) }) else { return }
            let again = made("a job gives back") { try GateJob.read(job.bytes).job }
            claim(again == job, "a job gives back")
        },
    ]

    private static let gateJobs: [[UInt8]] = gateSeeds.compactMap { seed in
        let entry = try? JSONValue(parsing: Array(seed.prefix { $0 != 0 }), maximumByteCount: 1 << 16)
        return entry.map { GateJob(entry: $0, isLog: false, diagnostics: true).bytes }
    }

    private static let table =
        #"{"kind":"csv","maximumRows":9,"order":"sorted","columns":["#
        + #"{"name":"region","type":"text","values":["north","south"]},"#
        + #"{"name":"n","type":"integer","minimum":0,"maximum":1000},"#
        + #"{"name":"age","type":"decimal","minimum":"0","maximum":"120.5","fractionDigits":1},"#
        + #"{"name":"day","type":"date","minimum":"2020-01-01","maximum":"2026-12-31","optional":true},"#
        + #"{"name":"code","type":"text","maximumCharacters":8,"characters":"ascii"},"#
        + #"{"name":"on","type":"boolean"}]}"#
    private static let rows =
        "region,n,age,day,code,on\nsouth,12,7.5,2021-02-03,\"a,\"\"b\",true\nnorth,0,120.5,,x,false\n"
    private static let complete =
        #"{"kind":"csv","maximumRows":9,"order":"sorted","complete":true,"columns":["#
        + #"{"name":"a","type":"text","values":["x","y"]},{"name":"n","type":"integer","minimum":0,"maximum":9}]}"#
    private static let shape =
        #"{"kind":"json","schema":{"type":"object","properties":{"m":{"type":"number","#
        + #""minimum":"-1.5","maximum":"9.25","fractionDigits":2},"list":{"type":"array","maxItems":3,"items":"#
        + #"{"type":"integer","minimum":-5,"maximum":5}},"w":{"type":"string","enum":["a","b"]},"#
        + #""t":{"type":"string","maxLength":4},"f":{"type":"boolean"}}}}"#
    private static let text = #"{"kind":"text","maximumCharacters":40,"maximumLineCharacters":9,"characters":"latin"}"#

    private static let formatSeeds = [
        (table, rows), (complete, "a,n\nx,1\ny,2\n"), (shape, #"{"f":true,"list":[1,-5],"m":1.25,"t":"é","w":"a"}"#),
        (text, "Zeile\nzwei ü\n"), (#""any""#, "\u{1}"),
    ].map { Array($0.0.utf8) + [0] + Array($0.1.utf8) }

    private static let gateSeeds = [
        (
            #"{"maximumBytes":4096,"format":"# + table + #","minimumGroup":{"column":"n","atLeast":10},"#
                + #""round":[{"column":"age","to":"0.5"}],"noise":[{"column":"n","mechanism":"discrete-laplace","#
                + #""scale":"2.5","sensitivity":"1"}]}"#, rows
        ),
        (
            #"{"maximumBytes":4096,"format":"# + complete + #","minimumGroup":{"column":"n","atLeast":2}}"#,
            "a,n\nx,1\ny,2\n"
        ),
        (#"{"maximumBytes":400,"format":"# + shape + "}", #"{"f":true,"list":[],"m":1.25,"t":"é","w":"a"}"#),
        (#"{"maximumBytes":400,"format":"# + text + "}", "Zeile\n"),
    ].map { Array($0.0.utf8) + [0] + Array($0.1.utf8) }

    private static let draftSeeds = [
        rows, "a,b\r\n1,\"x\"\"y\"\r\n-2.50,\r\n", "d,e\n2021-02-03,true\n2024-02-29,false\n", "k\n007\n1e-05\n12E4\n",
    ].map { Array($0.utf8) }

    /// Pieces of any size fit where the whole fits; what fits has one form, which fits.
    private static func format(_ bytes: [UInt8]) {
        var input = InputReader(bytes)
        let text = input.text()
        let content = input.all()
        guard let value = try? JSONValue(parsing: text, maximumByteCount: 1 << 16),
            let format = try? Format(JSONReader(value))
        else { return }
        let maximum = 1 << 16
        let verdict = checked(content, format, maximum, step: content.count + 1)
        for step in [1, 3, 16] {
            // Which of several faults is told first may differ: a row can be too long before it has ended.
            let fits = checked(content, format, maximum, step: step) == nil
            claim(fits == (verdict == nil), "pieces of \(step) fit where the whole fits")
        }
        let gate = Gate(format: format, rules: .none, maximumBytes: maximum)
        let released = decoded { try gate.release(content, noise: nil).bytes }
        claim((released == nil) == (verdict != nil), "what fits leaves, and nothing else")
        guard let released else { return }
        claim(decoded { try gate.requireReleasable(released) } != nil, "what leaves is of the one form")
        claim(checked(released, format, maximum, step: 5) == nil, "what leaves fits")
        claim(decoded { try gate.release(released, noise: nil).bytes } == released, "what left leaves as it is")
        let isCanonical = decoded { try gate.requireReleasable(content) } != nil
        claim(isCanonical == (released == content), "only the one form is taken for it")
    }

    /// `nil` where it fits; otherwise why it does not.
    private static func checked(_ content: [UInt8], _ format: Format, _ maximum: Int, step: Int) -> Misfit? {
        var check = FormatCheck(format, maximumBytes: maximum)
        do throws(Misfit) {
            for start in stride(from: 0, to: content.count, by: step) {
                try check.take(Array(content[start..<min(start + step, content.count)]))
            }
            try check.finish()
            return nil
        } catch {
            return error
        }
    }

    /// What the rules leave is what the second look at it takes, and nothing of the code's order remains but the rows.
    private static func gate(_ bytes: [UInt8]) {
        var input = InputReader(bytes)
        let text = input.text()
        let content = input.all()
        guard let value = try? JSONValue(parsing: text, maximumByteCount: 1 << 16),
            var object = try? JSONReader(value).object(), let gate = try? Gate(&object),
            (try? object.finish()) != nil
        else { return }
        let key = NoiseKey(FixedBytes(repeating: 7))
        guard let (released, report) = decoded({ try gate.release(content, noise: key) }) else { return }
        claim(decoded { try gate.requireReleasable(released) } != nil, "what leaves keeps the rules")
        claim(decoded { try gate.release(content, noise: key).bytes } == released, "noise is the key's alone")
        claim(report.droppedRows <= report.rows, "no more rows are dropped than there are")
        let job = GateJob(entry: value, isLog: false, diagnostics: false)
        let again = made("a job gives back") { try GateJob.read(job.bytes) }
        claim(again.job.bytes == job.bytes && again.gate == gate, "a gate's job says the gate")
    }

    /// A format that is drafted from a file takes that file.
    private static func draft(_ bytes: [UInt8]) {
        func drafted(step: Int) -> JSONValue? {
            var draft = CSVDraft()
            return decoded {
                for start in stride(from: 0, to: bytes.count, by: step) {
                    try draft.take(Array(bytes[start..<min(start + step, bytes.count)]))
                }
                return try draft.finish()
            }
        }
        let whole = drafted(step: bytes.count + 1)
        claim(drafted(step: 3) == whole, "pieces draft what the whole drafts")
        guard let whole else { return }
        // Bounds of numbers and dates are the owner's to add.
        guard let format = try? Format(JSONReader(bounded(whole))) else { return }
        claim(checked(bytes, format, 1 << 20, step: 7) == nil, "a drafted format takes its file")
    }

    private static func bounded(_ value: JSONValue) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map(bounded))
        case .object(let members):
            let more: [JSONMember]
            switch members.first(where: { $0.name == "type" })?.value {
            case "integer":
                more = [
                    JSONMember("minimum", .integer(-JSONValue.maximumInteger)),
                    JSONMember("maximum", .integer(JSONValue.maximumInteger)),
                ]
            case "date": more = [JSONMember("minimum", "0001-01-01"), JSONMember("maximum", "9999-12-31")]
            default: more = []
            }
            return .object(members.map { JSONMember($0.name, bounded($0.value)) } + more)
        default: return value
        }
    }
}
