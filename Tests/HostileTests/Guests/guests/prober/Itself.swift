// Attacks on the run by what a component does to itself.

func onItself(_ attack: Attack) -> String? {
    switch attack.verb {
    case "nothing": return "done"
    case "trap": preconditionFailure("as it was told")
    case "loop":
        // Each look at the clock is a call, so that no compiler finds out that nothing happens here.
        while ClocksMonotonicClock.now() > 0 { continue }
        return "over"
    default: return nil
    }
}
