/// One row of the table: a kernel, how large, and how often it runs between two looks at the clock.
struct Work {
    /// The paper's four classes.
    enum Class: String {
        case sequential, dense, irregular, branching
    }

    let kernel: String
    let kind: Class
    /// For the reader: `256 MiB`.
    let workingSet: String
    /// The kernel's own unit.
    let size: UInt32
    let rounds: UInt32
    /// The memory of a machine that can measure it: every column has the working set at once.
    let gibibytes: Int

    init(
        _ kernel: String, _ kind: Class, _ workingSet: String, size: UInt32, rounds: UInt32, gibibytes: Int = 6
    ) {
        self.kernel = kernel
        self.kind = kind
        self.workingSet = workingSet
        self.size = size
        self.rounds = rounds
        self.gibibytes = gibibytes
    }

    /// What is measured: some tens of milliseconds a run, small enough to fall between two disturbances.
    static let measured = [
        Work("sum", .sequential, "1 MiB", size: 1, rounds: 150),
        Work("sum", .sequential, "128 MiB", size: 128, rounds: 1),
        Work("triad", .sequential, "96 MiB", size: 96, rounds: 2),
        Work("moments", .dense, "32 MiB", size: 32, rounds: 1),
        Work("matmul", .dense, "3.4 MiB", size: 384, rounds: 1),
        Work("sha256", .dense, "4 MiB", size: 4, rounds: 1),
        Work("index chase", .irregular, "512 KiB", size: 512, rounds: 4_000_000),
        Work("index chase", .irregular, "256 MiB", size: 256 << 10, rounds: 200_000),
        Work("pointer chase", .irregular, "512 KiB", size: 512, rounds: 4_000_000),
        Work("pointer chase", .irregular, "256 MiB", size: 256 << 10, rounds: 200_000),
        Work("pointer chase", .irregular, "768 MiB", size: 768 << 10, rounds: 200_000, gibibytes: 12),
        Work("8 chains", .irregular, "256 MiB", size: 256 << 10, rounds: 1_600_000),
        Work("GUPS", .irregular, "256 MiB", size: 256, rounds: 2_000_000),
        Work("BFS", .irregular, "38 MiB", size: 1000, rounds: 1),
        Work("BFS", .irregular, "114 MiB", size: 3000, rounds: 1),
        Work("BFS", .irregular, "304 MiB", size: 8000, rounds: 1),
        Work("hash join", .irregular, "24 MiB", size: 20, rounds: 1),
        Work("quicksort", .branching, "3.8 MiB", size: 500, rounds: 1),
        Work("tree allocation", .branching, "2 MiB", size: 16, rounds: 10),
        Work("indirect calls", .branching, "64 KiB", size: 64, rounds: 100),
        Work("CSV parse", .branching, "8 MiB", size: 8, rounds: 3),
    ]

    /// The same kernels, once each and small: for checksums.
    static let small = [
        Work("sum", .sequential, "1 MiB", size: 1, rounds: 3),
        Work("triad", .sequential, "1 MiB", size: 1, rounds: 3),
        Work("moments", .dense, "1 MiB", size: 1, rounds: 2),
        Work("matmul", .dense, "96 KiB", size: 64, rounds: 2),
        Work("sha256", .dense, "1 MiB", size: 1, rounds: 1),
        Work("index chase", .irregular, "64 KiB", size: 64, rounds: 5_000),
        Work("pointer chase", .irregular, "64 KiB", size: 64, rounds: 5_000),
        Work("8 chains", .irregular, "64 KiB", size: 64, rounds: 5_000),
        Work("GUPS", .irregular, "1 MiB", size: 1, rounds: 50_000),
        Work("BFS", .irregular, "400 KiB", size: 10, rounds: 2),
        Work("hash join", .irregular, "24 KiB", size: 10, rounds: 2),
        Work("quicksort", .branching, "80 KiB", size: 10, rounds: 2),
        Work("tree allocation", .branching, "4 KiB", size: 8, rounds: 2),
        Work("indirect calls", .branching, "1 KiB", size: 1, rounds: 3),
        Work("CSV parse", .branching, "1 MiB", size: 1, rounds: 1),
    ]
}
