import Glibc
import Synchronization

/// Two threads add to a number: `race none` with nothing between them, which ThreadSanitizer must report, and
/// `race mutex` with a mutex, and then with a continuation, which it must not.
@main
struct Race {
    nonisolated(unsafe) static var number = 0
    static let guarded = Mutex(0)
    static let waiting = Mutex<[CheckedContinuation<[Int], Never>]>([])

    static func main() async {
        if CommandLine.arguments.dropFirst().first == "none" {
            onTwoThreads { for _ in 0..<1_000 { Race.number += Int(random() % 2) } }
            return print(number)
        }
        onTwoThreads { for _ in 0..<20_000 { Race.guarded.withLock { $0 += Int(random() % 2) } } }
        start {
            while true {
                let all = Race.waiting.withLock { waiting in
                    defer { waiting = [] }
                    return waiting
                }
                for one in all { one.resume(returning: [Int(random())]) }
            }
        }
        let sum = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    var sum = 0
                    for _ in 0..<2_000 {
                        let drawn = await withCheckedContinuation { one in Race.waiting.withLock { $0.append(one) } }
                        sum &+= drawn[0]
                    }
                    return sum
                }
            }
            return await group.reduce(0, &+)
        }
        print(guarded.withLock { $0 }, sum)
    }

    static func onTwoThreads(_ body: @convention(c) @escaping () -> Void) {
        let threads = [start(body), start(body)]
        for thread in threads { pthread_join(thread, nil) }
    }

    @discardableResult
    static func start(_ body: @convention(c) @escaping () -> Void) -> pthread_t {
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            {
                unsafeBitCast($0, to: (@convention(c) () -> Void).self)(); return nil
            },
            unsafeBitCast(body, to: UnsafeMutableRawPointer.self))
        return thread
    }
}
