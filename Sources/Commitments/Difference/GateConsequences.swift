internal import Formats
internal import Primitives

// How much more an output can tell, and which rules on it are gone.

extension Consequences {
    mutating func gate(of name: Name, from old: Gate, to new: Gate, at place: String) {
        let (before, after) = (old.count.capacity, new.count.capacity)
        if before.bits != after.bits {
            // Without a place: what of the format changed is told beside it.
            bound("", "\(name) can tell at most", bits(before), bits(after), grew: before < after)
        }
        noise(of: name, from: old, to: new, at: "\(place).noise")
        group(of: name, from: old, to: new, at: "\(place).minimumGroup")
        rounding(of: name, from: old, to: new, at: "\(place).round")
    }

    private mutating func noise(of name: Name, from old: Gate, to new: Gate, at place: String) {
        for rule in old.rules.noise where !new.noised.contains(old.column(rule.column)) {
            rules("\(name) has no noise any more on", old.column(rule.column), isLoss: true, at: place)
        }
        for rule in new.rules.noise {
            let column = new.column(rule.column)
            guard let before = old.rules.noise.first(where: { old.column($0.column) == column }) else {
                rules("\(name) has noise now on", column, isLoss: false, at: place)
                continue
            }
            let (one, other) = (old.scale(before), new.scale(rule))
            guard one != other else { continue }
            rules("\(name) has noise of scale \(other) instead of \(one) on", column, isLoss: nil, at: place)
        }
    }

    private mutating func group(of name: Name, from old: Gate, to new: Gate, at place: String) {
        let (before, after) = (old.rules.minimumGroup, new.rules.minimumGroup)
        switch (before, after) {
        case (let group?, nil):
            rules("\(name) has no smallest group any more by", old.column(group.column), isLoss: true, at: place)
        case (nil, let group?):
            rules(
                "\(name) has a smallest group of \(group.atLeast) now by", new.column(group.column), isLoss: false,
                at: place)
        case (let one?, let other?):
            let isSame = old.column(one.column) == new.column(other.column)
            guard !isSame || one.atLeast != other.atLeast else { return }
            rules(
                "\(name) has a smallest group of \(other.atLeast) instead of \(one.atLeast) by",
                new.column(other.column), isLoss: isSame ? other.atLeast < one.atLeast : nil, at: place)
        case (nil, nil): break
        }
    }

    private mutating func rounding(of name: Name, from old: Gate, to new: Gate, at place: String) {
        let (before, after) = (old.rounded, new.rounded)
        for column in before.subtracting(after).sorted() {
            rules("\(name) is not rounded any more on", column, isLoss: true, at: place)
        }
        for column in after.subtracting(before).sorted() {
            rules("\(name) is rounded now on", column, isLoss: false, at: place)
        }
    }

    /// - Parameter isLoss: whether a rule protects less than before; `nil` where nobody can say.
    private mutating func rules(_ text: String, _ column: String, isLoss: Bool?, at place: String) {
        let lines: [Statement.Line] = [.quote(label: "column", .init(escaping: column))]
        switch isLoss {
        case true?, nil: add(.wider, .warning("\(text) this column:", lines: lines), at: place)
        case false?: add(.stricter, .notice("\(text) this column:", lines: lines), at: place)
        }
    }
}

extension Gate {
    fileprivate func column(_ index: Int) -> String {
        guard case .csv(let table) = format else { return "" }
        return table.columns[index].name
    }

    fileprivate var noised: Set<String> { Set(rules.noise.map { column($0.column) }) }
    fileprivate var rounded: Set<String> { Set(rules.rounding.map { column($0.column) }) }

    fileprivate func scale(_ rule: OutputRules.Noise) -> String {
        guard case .csv(let table) = format, case .number(let bounds) = table.columns[rule.column].kind else {
            return ""
        }
        return rule.scale.text(inUnitsOf: bounds.fractionDigits)
    }
}
