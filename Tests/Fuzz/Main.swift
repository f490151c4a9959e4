import Glibc
import Primitives
import TestSupport

/// What libFuzzer calls: one executable, whose target is named by the environment's FUZZ_TARGET.
///
/// `scripts/fuzz` builds it and is its only caller. With FUZZ_SEEDS it writes the target's own seeds to that folder.
private let target: Target = {
    guard let name = unsafe getenv("FUZZ_TARGET").map({ unsafe String(cString: $0) }),
        let target = Target.all.first(where: { $0.name == name })
    else {
        print(Target.all.map(\.name).joined(separator: "\n"))
        finish(64)
    }
    return target
}()

/// Runs one input. A claim that does not hold ends the process, and libFuzzer keeps the input.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    target.run(unsafe Array(UnsafeBufferPointer(start: start, count: count)))
    return 0
}

/// Answers, or writes seeds, and ends, where that is what the caller wants.
@_cdecl("LLVMFuzzerInitialize")
public func initialize(_ count: UnsafeMutableRawPointer?, _ arguments: UnsafeMutableRawPointer?) -> CInt {
    let name = target.name
    if unsafe getenv("FUZZ_ANSWERS") != nil { answerEach(name) }
    guard let folder = unsafe getenv("FUZZ_SEEDS").map({ unsafe String(cString: $0) }) else { return 0 }
    for (index, seed) in target.seeds().enumerated() {
        guard let file = unsafe fopen("\(folder)/made-\(index)", "wb") else { finish(3) }
        _ = unsafe seed.withUnsafeBytes { bytes in unsafe fwrite(bytes.baseAddress, 1, bytes.count, file) }
        unsafe fclose(file)
    }
    finish(0)
}

/// Changes an input by its structure, or as libFuzzer does where it has none.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(_ data: UnsafeMutablePointer<UInt8>, _ count: Int, _ maximum: Int, _ seed: UInt32) -> Int {
    var random = SeededNumbers(seed: UInt64(seed))
    let bytes = unsafe Array(UnsafeBufferPointer(start: data, count: count))
    if Int.random(in: 0..<4, using: &random) > 0,
        let mutated = target.structure.mutated(bytes, &random), mutated.count <= maximum
    {
        for (index, byte) in mutated.enumerated() { unsafe data[index] = byte }
        return mutated.count
    }
    return unsafe mutateBytes(data, count, maximum)
}

@_silgen_name("LLVMFuzzerMutate")
private func mutateBytes(_ data: UnsafeMutablePointer<UInt8>?, _ count: Int, _ maximum: Int) -> Int

/// libFuzzer's own change of some bytes.
func mutatedBytes(_ bytes: [UInt8], growth: Int = 16) -> [UInt8] {
    var room = bytes + [UInt8](repeating: 0, count: growth)
    let (count, maximum) = (bytes.count, room.count)
    let size = unsafe room.withUnsafeMutableBufferPointer { unsafe mutateBytes($0.baseAddress, count, maximum) }
    return Array(room.prefix(size))
}

/// Answers for other implementations to compare: a line of hexadecimal digits for each such line, `-` for a refusal.
private func answerEach(_ target: String) -> Never {
    guard let answer = Answers.all[target] else { finish(64) }
    while let line = readLine() {
        guard let bytes = [UInt8](hex: line) else { finish(2) }
        print(answer(bytes)?.hex ?? "-")
    }
    finish(0)
}

/// Ends the process; libFuzzer takes any other end for a finding.
private func finish(_ status: CInt) -> Never {
    unsafe fflush(nil)
    _exit(status)
}
