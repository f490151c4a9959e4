/// Sends every kind of value to the mirror, and writes what did not come back as it went.
enum Guest: CliRunExports {
    static func run() throws(Failed) {
        var findings = Findings()
        numbers(&findings)
        compounds(&findings)
        shapes(&findings)
        lists(&findings)
        results(&findings)
        // Memory that is not freed would run into the bound.
        let long = String(repeating: "long ", count: 20_000)
        findings.expect("nothing leaks", (0..<2_000).allSatisfy { _ in Mirror.text(long).utf8.count == 100_000 })
        do throws(Failure) {
            try Files.write("/output/findings.txt", content: Array(findings.text.utf8))
        } catch {
            Files.log(error.message)
            throw Failed()
        }
    }
}

struct Findings {
    private var count = 0
    private var failed: [String] = []

    mutating func expect(_ what: String, _ holds: Bool) {
        count += 1
        if !holds { failed.append(what) }
    }

    var text: String { failed.isEmpty ? "\(count) claims hold\n" : failed.joined(separator: "\n") + "\n" }
}

private func numbers(_ findings: inout Findings) {
    let least = Mirror.numbers(
        false, b: .min, c: .min, d: .min, e: .min, f: .min, g: .min, h: .min, i: .min, j: -.infinity, k: -0.0)
    findings.expect("least integers", !least.a && least.b == .min && least.c == .min && least.d == .min)
    findings.expect("least wide integers", least.e == .min && least.f == .min && least.g == .min && least.h == .min)
    findings.expect("least floats", least.i == .min && least.j == -.infinity && least.k.sign == .minus)
    let most = Mirror.numbers(
        true, b: .max, c: .max, d: .max, e: .max, f: .max, g: .max, h: .max, i: .max, j: 0.1, k: .leastNonzeroMagnitude)
    findings.expect("most integers", most.a && most.b == .max && most.c == .max && most.d == .max)
    findings.expect("most wide integers", most.e == .max && most.f == .max && most.g == .max && most.h == .max)
    findings.expect("most floats", most.i == .max && most.j == 0.1 && most.k == .leastNonzeroMagnitude)
    for byte in [Int8.min, -1, 0, .max] { findings.expect("byte \(byte)", Mirror.byte(byte) == byte) }
    findings.expect("single", Mirror.single(-1.5) == -1.5)
    Mirror.nothing(3)
}

private func compounds(_ findings: inout Findings) {
    for text in ["", "plain", "zürich 東京 🧮", "nul \u{0} inside"] {
        findings.expect("text '\(text)'", Mirror.text(text) == text)
    }
    for colour in [Kinds.Colour.red, .green, .default] {
        findings.expect("colour \(colour)", Mirror.paint(colour) == colour)
    }
    for rights in [Kinds.Rights(), .a, [.b, .i]] { findings.expect("rights", Mirror.allow(rights) == rights) }
    let back = Mirror.label(
        Kinds.Labelled(point: Kinds.Point(x: 1.5, y: -2.5, in: -7), tail: 200, label: "näme"), call: .green)
    findings.expect("record's numbers", back.point.x == 1.5 && back.point.y == -2.5 && back.point.in == -7)
    findings.expect("record's end", back.tail == 200 && back.label == "näme")
    let some = Mirror.options(5, b: .some(.some("x")))
    findings.expect("options", some.a == 5 && some.b == .some(.some("x")))
    findings.expect("inner nil", Mirror.options(nil, b: .some(nil)).b == .some(nil))
    findings.expect("outer nil", Mirror.options(0, b: nil).b == nil)
}

private let allShapes: [Kinds.Shape] = [
    .none, .dot(Kinds.Point(x: 1, y: 2, in: 3)),
    .line(Tuple2(a: Kinds.Point(x: 4, y: 5, in: 6), b: Kinds.Point(x: -7, y: 1e-300, in: -9))),
    .count(.max), .text("shape"), .single(0.25),
]

private func equal(_ left: Kinds.Point, _ right: Kinds.Point) -> Bool {
    left.x == right.x && left.y == right.y && left.in == right.in
}

private func equal(_ left: Kinds.Shape, _ right: Kinds.Shape) -> Bool {
    switch (left, right) {
    case (.none, .none): true
    case (.dot(let left), .dot(let right)): equal(left, right)
    case (.line(let left), .line(let right)): equal(left.a, right.a) && equal(left.b, right.b)
    case (.count(let left), .count(let right)): left == right
    case (.text(let left), .text(let right)): left == right
    case (.single(let left), .single(let right)): left == right
    default: false
    }
}

private func shapes(_ findings: inout Findings) {
    for (index, shape) in allShapes.enumerated() {
        findings.expect("shape \(index)", equal(Mirror.draw(shape), shape))
    }
    let back = Mirror.drawAll(allShapes)
    findings.expect("how many shapes", back.count == allShapes.count)
    findings.expect("list of shapes", zip(back, allShapes).allSatisfy { equal($0, $1) })
    findings.expect("empty list of shapes", Mirror.drawAll([]).isEmpty)
}

private func lists(_ findings: inout Findings) {
    let texts = [[], ["a", "", "bc"], [""]]
    let numbers = (0..<1000).map { Double($0) / 3 }
    let back = Mirror.lists(texts, b: numbers, c: [true, false, true])
    findings.expect("list of lists", back.a == texts)
    findings.expect("list of numbers", back.b == numbers)
    findings.expect("list of truths", back.c == [true, false, true])
}

private func results(_ findings: inout Findings) {
    do throws(Kinds.Colour) {
        findings.expect("success", try Mirror.succeedIf(.success(9)) == 9)
        _ = try Mirror.succeedIf(.failure(Failure("no")))
        findings.expect("an error is thrown", false)
    } catch {
        findings.expect("the error's case", error == .green)
    }
    for shape in allShapes {
        do throws(Kinds.Shape) {
            try Mirror.failWith(shape)
            findings.expect("a shape is thrown", false)
        } catch {
            findings.expect("the thrown shape", equal(error, shape))
        }
    }
    findings.expect("no failure", (try? Mirror.failIf(false)) != nil)
    findings.expect("a failure without words", (try? Mirror.failIf(true)) == nil)
}
