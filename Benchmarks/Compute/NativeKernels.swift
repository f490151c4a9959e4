import Glibc

/// The kernels in a native library, loaded into this process. Calling into native code is what is measured, and nothing
/// can check it: here alone a benchmark is unsafe.
@safe
struct NativeKernels {
    private typealias Function = @convention(c) (UInt32, UInt32) -> UInt64
    private typealias Naming = @convention(c) (UInt32) -> UnsafePointer<CChar>?
    private typealias Release = @convention(c) () -> Void
    private typealias Advice = @convention(c) (Int32) -> Void

    private let prepareFunction: Function
    private let runFunction: Function
    private let releaseFunction: Release
    /// Kernels by their numbers, as the source orders them.
    let names: [String]

    /// Loads a library for the rest of the process's life.
    ///
    /// - Parameter hugePages: whether its memory may come in huge pages, or must not.
    init(_ path: String, hugePages: Bool) throws(BenchmarkError) {
        guard let library = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL),
            let prepare = unsafe dlsym(library, "kernel_prepare"),
            let run = unsafe dlsym(library, "kernel_run"), let naming = unsafe dlsym(library, "kernel_name"),
            let advice = unsafe dlsym(library, "kernel_take_huge_pages"),
            let release = unsafe dlsym(library, "kernel_release")
        else { throw BenchmarkError("\(path) is no library of kernels") }
        prepareFunction = unsafe unsafeBitCast(prepare, to: Function.self)
        runFunction = unsafe unsafeBitCast(run, to: Function.self)
        releaseFunction = unsafe unsafeBitCast(release, to: Release.self)
        unsafe unsafeBitCast(advice, to: Advice.self)(hugePages ? 1 : 0)
        let name = unsafe unsafeBitCast(naming, to: Naming.self)
        var names: [String] = []
        while let next = unsafe name(UInt32(names.count)) { names.append(unsafe String(cString: next)) }
        self.names = names
    }

    func prepare(_ kernel: UInt32, _ size: UInt32) -> UInt64 { prepareFunction(kernel, size) }
    func release() { releaseFunction() }
    func run(_ kernel: UInt32, _ rounds: UInt32) -> UInt64 { runFunction(kernel, rounds) }
}

/// What keeps a measurement from being made, or from being told.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
