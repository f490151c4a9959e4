internal import CPlatform

/// The system calls in the worker's filter, for a test that holds them against real runs.
package enum WorkerCalls {
    /// Those that runs make, by number.
    package static var made: Set<Int32> {
        Set((UInt32(0)...).lazy.map { cp_filter_call($0) }.prefix { $0 >= 0 })
    }

    /// Whether the filter has an answer to a call but the end of the process.
    package static func isKnown(_ number: Int32) -> Bool { cp_filter_knows(number) != 0 }
}
