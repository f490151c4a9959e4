import Primitives
import TestSupport

/// How inputs are changed where a change of plain bytes is refused at once.
enum Structure: Sendable {
    case bytes
    /// A JSON text; what follows a zero byte is changed as bytes.
    case json
    /// DER: tags and lengths stay right.
    case der
    /// WebAssembly: the sections' sizes stay right.
    case wasm

    func mutated(_ bytes: [UInt8], _ random: inout SeededNumbers) -> [UInt8]? {
        switch self {
        case .bytes: return nil
        case .json:
            let text = Array(bytes.prefix { $0 != 0 })
            let rest = bytes.dropFirst(text.count)
            if !rest.isEmpty, Bool.random(using: &random) { return text + mutatedBytes(Array(rest)) }
            guard let value = try? JSONValue(parsing: text, maximumByteCount: 1 << 20, maximumDepth: 64) else {
                return nil
            }
            return JSONMutation(of: value).applied(&random).canonicalBytes + rest
        case .der: return Framing.der.mutated(bytes, &random)
        case .wasm: return Framing.wasm.mutated(bytes, &random)
        }
    }
}

/// One change of one value of a JSON text.
struct JSONMutation {
    private let value: JSONValue
    private var all: [JSONValue] = []
    private var names: [String] = []

    init(of value: JSONValue) {
        self.value = value
        collect(value)
    }

    private mutating func collect(_ value: JSONValue) {
        all.append(value)
        switch value {
        case .array(let elements): for element in elements { collect(element) }
        case .object(let members):
            for member in members {
                names.append(member.name)
                collect(member.value)
            }
        default: break
        }
    }

    func applied(_ random: inout SeededNumbers) -> JSONValue {
        var index = Int.random(in: 0..<all.count, using: &random)
        return edited(value, &index, &random)
    }

    /// The value with its `index`th value, itself the first, changed.
    private func edited(_ value: JSONValue, _ index: inout Int, _ random: inout SeededNumbers) -> JSONValue {
        index -= 1
        if index == -1 { return changed(value, &random) }
        guard index >= 0 else { return value }
        switch value {
        case .array(let elements): return .array(elements.map { edited($0, &index, &random) })
        case .object(let members):
            return .object(members.map { JSONMember($0.name, edited($0.value, &index, &random)) })
        default: return value
        }
    }

    private func changed(_ value: JSONValue, _ random: inout SeededNumbers) -> JSONValue {
        if Int.random(in: 0..<6, using: &random) == 0 { return all.randomElement(using: &random) ?? value }
        switch value {
        case .null: return .bool(false)
        case .bool(let flag): return .bool(!flag)
        case .integer(let number): return .integer(Self.near(number, &random))
        case .number(let number): return .number(number * 2 < .infinity ? number * 2 : 0.5)
        case .string(let text): return .string(changed(text, &random))
        case .array(let elements): return .array(Self.edit(elements, &random) { $0.isEmpty ? .null : $0[0] })
        case .object(let members):
            let more = JSONMember(
                names.randomElement(using: &random) ?? "x", all.randomElement(using: &random) ?? .null)
            return .object(Self.distinct(Self.edit(members, &random) { _ in more }))
        }
    }

    private static func near(_ number: Int, _ random: inout SeededNumbers) -> Int {
        let edges = [0, 1, -1, 2, 64, 255, 256, 65_535, 65_536, 1 << 20, 1 << 31, 1 << 32, JSONValue.maximumInteger]
        let found =
            [number + 1, number - 1, number * 2, -number, edges.randomElement(using: &random) ?? 0]
            .randomElement(using: &random) ?? 0
        return max(-JSONValue.maximumInteger, min(JSONValue.maximumInteger, found))
    }

    private func changed(_ text: String, _ random: inout SeededNumbers) -> String {
        if Bool.random(using: &random),
            case .string(let other)? = all.filter({ $0.kind == .string }).randomElement(using: &random)
        {
            return other
        }
        return String(decoding: mutatedBytes(Array(text.utf8)), as: UTF8.self)
    }

    private static func edit<Element>(
        _ elements: [Element], _ random: inout SeededNumbers, more: ([Element]) -> Element
    ) -> [Element] {
        var elements = elements
        guard !elements.isEmpty else { return [more(elements)] }
        let place = Int.random(in: 0..<elements.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: elements.remove(at: place)
        case 1: elements.insert(elements[place], at: Int.random(in: 0...elements.count, using: &random))
        case 2: elements.swapAt(place, Int.random(in: 0..<elements.count, using: &random))
        default: elements.insert(more(elements), at: place)
        }
        return elements
    }

    private static func distinct(_ members: [JSONMember]) -> [JSONMember] {
        var seen: Set<[UInt8]> = []
        return members.filter { seen.insert(Array($0.name.utf8)).inserted }
    }
}
