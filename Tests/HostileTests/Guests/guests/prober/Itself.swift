// Attacks on the run by what a component does to itself.

func onItself(_ attack: Attack) -> String? {
    switch attack.verb {
    case "nothing": return "done"
    case "trap": preconditionFailure("as it was told")
    case "recurse": return "\(recurse(1))"
    case "loop":
        var count = 0
        while count >= 0 { count = (count + 1) & 0xFFFF }
        return "over"
    default: return nil
    }
}

/// Deeper than any stack: the addition after the call keeps it from being a loop.
@inline(never)
private func recurse(_ depth: Int) -> Int {
    depth < 0 ? 0 : recurse(depth &+ 1) &+ depth
}
