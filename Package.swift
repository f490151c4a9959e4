// swift-tools-version: 6.2
import PackageDescription

/// One set of rules for every target: Swift 6 mode, imports private by default,
/// `any` spelled out, each use of an unsafe construct marked, warnings are errors.
let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let cryptoExtras = Target.Dependency.product(name: "CryptoExtras", package: "swift-crypto")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioHTTP = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
// Named for its traits: without this, all of Foundation would be linked.
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let services = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let asn1 = Target.Dependency.product(name: "SwiftASN1", package: "swift-asn1")

/// `scripts/setup` puts libwasmtime there; an installed worker finds it in `lib` beside `bin`, and looks nowhere else.
let isInstalled = Context.environment["TWOCVM_INSTALLED"] != nil
let wasmtimePaths = (isInstalled ? [] : ["$ORIGIN/../../../.deps/lib"]) + ["$ORIGIN/../lib"]
let wasmtimeLibrary: [LinkerSetting] = [
    .unsafeFlags(
        ["-L\(Context.packageDirectory)/.deps/lib"]
            + wasmtimePaths.flatMap { ["-Xlinker", "-rpath", "-Xlinker", $0] }),
    .linkedLibrary("wasmtime"),
]

func library(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: house)
}

func executable(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(name: name, dependencies: dependencies, swiftSettings: house)
}

func tests(of name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: [.target(name: name), "TestSupport"] + dependencies,
        exclude: exclude, swiftSettings: house)
}

/// What verifies evidence and receipts: pure, and without a network.
let verification = [
    "Primitives", "Keys", "Formats", "Commitments", "Plans", "Sealing", "Lifecycle", "Evidence", "Verification",
]

let package = Package(
    name: "2cvm",
    products: [
        .executable(name: "2cvm", targets: ["twocvm"]),
        .executable(name: "2cvm-worker", targets: ["twocvm-worker"]),
        .executable(name: "2cvm-gate", targets: ["twocvm-gate"]),
        .executable(name: "2cvm-monitor", targets: ["twocvm-monitor"]),
        .executable(name: "2cvm-agent", targets: ["twocvm-agent"]),
        .executable(name: "2cvm-agent-simulated", targets: ["twocvm-agent-simulated"]),
        .executable(name: "2cvm-trial", targets: ["twocvm-trial"]),
        // For other packages: what an auditor needs, and what a participant does.
        .library(name: "TwoCVMVerification", targets: verification),
        .library(name: "TwoCVMClient", targets: verification + ["AgentAPI", "Client"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-asn1", exact: "1.7.4"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1", traits: []),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0", traits: []),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // Pure: no file, clock, randomness or network.
        library("Primitives", [crypto]),
        library("Keys", ["Primitives", crypto, cryptoExtras]),
        library("Formats", ["Primitives", crypto]),
        library("Commitments", ["Primitives", "Keys", "Formats"]),
        library("Sealing", ["Primitives", "Keys", crypto]),
        library("Plans", ["Primitives", "Keys", "Formats", "Commitments"]),
        library("Lifecycle", ["Primitives", "Keys", "Commitments"]),
        library("Scheduling", ["Primitives", "Keys", "Commitments", "Plans", "Sealing", "Lifecycle"]),
        library("WorkerJob", ["Primitives"]),
        library(
            "Composition", ["Primitives", "Commitments", "WorkerJob"],
            resources: [
                .embedInCode("Resources/attenuator.wasm"), .embedInCode("Resources/determinist.wasm"),
                .embedInCode("Resources/host-world.prefix"), .embedInCode("Resources/refused-exit.wasm"),
            ]),
        library("Evidence", ["Primitives", "Keys", "Commitments", crypto, cryptoExtras, asn1]),
        library(
            "Verification", ["Primitives", "Keys", "Commitments", "Plans", "Sealing", "Lifecycle", "Evidence"]),
        library("AgentAPI", ["Primitives", "Keys", "Lifecycle", "Evidence"]),
        library(
            "Pages",
            ["Primitives", "Keys", "Formats", "Commitments", "Plans", "Lifecycle", "Evidence", "Verification"]),

        // The two unsafe zones: the operating system and the engine.
        .target(name: "CPlatform"),
        library("Platform", ["Primitives", "WorkerJob", "CPlatform"]),
        .target(name: "CSEVGuest"),
        library("SEVGuest", ["Primitives", "Platform", "CSEVGuest"]),
        .target(name: "CBoot"),
        library("Boot", ["Primitives", "Platform", "CPlatform", "CBoot"]),
        .target(name: "CWasmtime", linkerSettings: wasmtimeLibrary),
        library("Wasmtime", ["Primitives", "CWasmtime"]),

        library("Execution", ["Primitives", "Formats", "Commitments", "Composition", "WorkerJob", "Platform"]),
        library("Worker", ["Primitives", "WorkerJob", "Wasmtime", "Platform"]),
        library("Simulation", ["Primitives", "Commitments", "Evidence", crypto, cryptoExtras, asn1]),

        library(
            "Client",
            [
                "Primitives", "Keys", "Formats", "Commitments", "Plans", "Sealing", "Evidence", "Lifecycle",
                "Verification", "AgentAPI", nioCore, nioPosix, nioHTTP,
            ]),
        library(
            "AgentService",
            [
                "Primitives", "Keys", "Formats", "Commitments", "Plans", "Composition", "Sealing", "Evidence",
                "Lifecycle", "AgentAPI", "Execution", "Platform", hummingbirdCore, httpTypes, nioCore, nioPosix,
                nioHTTP, logging,
                services, unixSignals, argumentParser,
            ], resources: [.embedInCode("Resources/openapi.json")]),

        // What `2cvm monitor` starts, so that no other program of a participant serves anything.
        library("MonitorService", ["Primitives", "Platform", "Pages", nioCore, nioPosix, nioHTTP]),
        executable("twocvm-monitor", ["Platform", "MonitorService"]),

        library("Image", ["Primitives", "Commitments", "Evidence", "Platform"]),

        library(
            "Workbench",
            [
                "Primitives", "Keys", "Formats", "Commitments", "Plans", "Composition", "Evidence", "Lifecycle",
                "Verification",
                "AgentAPI", "Execution", "Platform", "Client", "Image", "Pages",
            ]),
        library(
            "Orchestration",
            [
                "Primitives", "Keys", "Commitments", "Lifecycle", "Evidence", "Scheduling", "AgentAPI", "Platform",
                "Client", "Image",
            ]),
        // The command: one library for each kind of command, so that none is large; `twocvm` is the root alone.
        library(
            "CommandOptions",
            [
                "Primitives", "Keys", "Commitments", "Plans", "Composition", "Evidence", "Platform", "Client", "Pages",
                "Workbench", argumentParser,
            ]),
        library(
            "ManifestCommands",
            [
                "Primitives", "Keys", "Formats", "Commitments", "Composition", "Evidence", "Verification",
                "Execution", "Platform", "Image", "Pages", "Workbench", "CommandOptions", argumentParser,
            ]),
        library(
            "PlanCommands",
            [
                "Primitives", "Keys", "Formats", "Commitments", "Plans", "Evidence", "Verification", "Scheduling",
                "AgentAPI", "Platform", "Client", "Image", "Pages", "Orchestration", "Workbench", "CommandOptions",
                argumentParser,
            ]),
        library(
            "SessionCommands",
            [
                "Primitives", "Keys", "Commitments", "Plans", "Evidence", "Lifecycle", "Verification", "AgentAPI",
                "Platform", "Client", "Pages", "Workbench", "CommandOptions", argumentParser,
            ]),
        library(
            "EvidenceCommands",
            [
                "Primitives", "Keys", "Commitments", "Evidence", "Verification", "Platform", "Client", "Pages",
                "Workbench", "CommandOptions", argumentParser,
            ]),
        library(
            "MachineCommands",
            [
                "Primitives", "Keys", "Commitments", "Evidence", "Platform", "Image", "Workbench", "CommandOptions",
                argumentParser,
            ]),
        executable(
            "twocvm",
            [
                "Workbench", "CommandOptions", "ManifestCommands", "PlanCommands", "SessionCommands",
                "EvidenceCommands",
                "MachineCommands", argumentParser,
            ]),
        executable("twocvm-worker", ["Worker"]),
        executable("twocvm-gate", ["Primitives", "Formats", "WorkerJob", "Platform"]),
        executable(
            "twocvm-agent",
            ["Primitives", "Evidence", "Platform", "SEVGuest", "Boot", "AgentService", argumentParser]),
        executable(
            "twocvm-agent-simulated",
            [
                "Primitives", "Commitments", "Evidence", "Platform", "AgentAPI", "AgentService", "Simulation",
                argumentParser,
            ]),
        // Appended to an image for a trial, and never part of what is measured.
        .target(name: "CTrial", dependencies: ["CSEVGuest"]),
        executable(
            "twocvm-trial",
            ["Primitives", "Commitments", "Evidence", "Platform", "SEVGuest", "Boot", "Simulation", "CTrial"]),
        .executableTarget(
            name: "evidence-benchmark", dependencies: ["Primitives", "Keys", "Commitments", "Evidence", "Simulation"],
            path: "Benchmarks/Evidence", swiftSettings: house),
        .executableTarget(
            name: "gate-benchmark", dependencies: ["Primitives", "Platform", "Formats"], path: "Benchmarks/Gate",
            swiftSettings: house),
        .executableTarget(
            name: "sealing-benchmark", dependencies: ["Primitives", "Platform", "Keys", "Sealing", crypto],
            path: "Benchmarks/Sealing", swiftSettings: house),
        .executableTarget(
            name: "agent-benchmark",
            dependencies: ["Primitives", "Keys", "Commitments", "Evidence", "Platform", nioCore, nioPosix],
            path: "Benchmarks/Agent", swiftSettings: house),
        .executableTarget(
            name: "compute-benchmark", dependencies: ["Primitives", "Platform", "Wasmtime"],
            path: "Benchmarks/Compute", swiftSettings: house),

        .executableTarget(
            name: "peers-benchmark",
            dependencies: [
                "Primitives", "Keys", "Commitments", "Plans", "Sealing", "Lifecycle", "Evidence", "Simulation",
                "Platform", "Client", "AgentService", "TestSupport",
            ], path: "Benchmarks/Peers", swiftSettings: house),
        .executableTarget(
            name: "receipts-benchmark",
            dependencies: [
                "Primitives", "Keys", "Commitments", "Plans", "Lifecycle", "Evidence", "Verification", "Simulation",
                "TestSupport",
            ], path: "Benchmarks/Receipts", swiftSettings: house),

        .target(
            name: "TestSupport", dependencies: ["Primitives", "Keys", "Commitments", "Plans"],
            path: "Tests/TestSupport",
            swiftSettings: house),
        .target(name: "CWallProbe", path: "Tests/CWallProbe"),
        .executableTarget(
            name: "wall-probe", dependencies: ["Platform", "WorkerJob", "CWallProbe"], path: "Tests/WallProbe",
            swiftSettings: house),
        .executableTarget(
            name: "hostile-participant", dependencies: ["Primitives", "Keys", "Sealing", "Evidence"],
            path: "Tests/HostileParticipant", swiftSettings: house),
        .testTarget(name: "HouseTests", dependencies: ["TestSupport"], swiftSettings: house),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "TestSupport", "Primitives", "Keys", "Commitments", "Evidence", "Simulation", "twocvm", "twocvm-worker",
                "twocvm-gate", "twocvm-agent-simulated",
            ],
            exclude: ["Scenarios", "Evidence", "Measure", "Plan", "Session"], swiftSettings: house),
        tests(of: "Primitives", []),
        tests(of: "Keys", ["Primitives"]),
        tests(of: "Commitments", ["Primitives", "Keys", "Formats"]),
        tests(of: "Plans", ["Primitives", "Keys", "Commitments"]),
        tests(of: "Sealing", ["Keys", "Primitives", crypto], exclude: ["Vectors", "open_stream.py"]),
        tests(of: "Lifecycle", ["Commitments", "Plans", "Keys", "Primitives"], exclude: ["Golden"]),
        tests(of: "Scheduling", ["Primitives", "Keys", "Commitments", "Plans"]),
        tests(of: "WorkerJob", ["Primitives"]),
        tests(of: "Composition", ["Primitives", "Keys", "Commitments", "WorkerJob"]),
        tests(of: "Evidence", ["Primitives", "Keys", "Commitments", crypto, cryptoExtras]),
        tests(of: "Verification", ["Primitives", "Keys", "Commitments", "Plans", "Lifecycle"]),
        tests(of: "AgentAPI", ["Primitives", "Keys", "Lifecycle"]),
        tests(of: "Pages", ["Primitives", "Keys", "Formats", "Commitments", "Evidence"]),
        tests(of: "MonitorService", ["Primitives", "Platform"]),
        tests(of: "Platform", ["Primitives", "WorkerJob", "wall-probe"]),
        tests(of: "SEVGuest", ["Primitives", "Platform"]),
        tests(of: "Boot", ["Primitives", "Platform"]),
        tests(
            of: "Execution",
            [
                "Primitives", "Formats", "Commitments", "Composition", "WorkerJob", "Platform", "wall-probe",
                "twocvm-worker", "twocvm-gate",
            ]),
        tests(of: "Wasmtime", ["Primitives"]),
        .testTarget(
            name: "ComputeTests", dependencies: ["TestSupport", "compute-benchmark"], swiftSettings: house),
        tests(
            of: "Worker", ["Primitives", "WorkerJob", "Composition", "Platform", "Wasmtime", "twocvm", "twocvm-worker"]),
        tests(
            of: "Orchestration",
            ["Primitives", "Keys", "Commitments", "Scheduling", "Platform"]),
        tests(of: "Image", ["Primitives", "Commitments", "Evidence", "Platform"]),
        tests(
            of: "AgentService",
            [
                "Primitives", "Keys", "Commitments", "Plans", "Composition", "Sealing", "Evidence", "Lifecycle",
                "AgentAPI", "Execution", "Platform", "Simulation", "twocvm-worker", "twocvm-gate",
            ]),
        .testTarget(
            name: "AgentProcessTests",
            dependencies: ["TestSupport", "twocvm-agent", "twocvm-agent-simulated", "twocvm-worker", "twocvm-gate"],
            swiftSettings: house),
        tests(
            of: "Client",
            [
                "Primitives", "Keys", "Commitments", "Sealing", "Evidence", "Lifecycle", "Verification", "AgentAPI",
                "Simulation", "Platform", nioCore, nioPosix, "twocvm",
            ]),
        tests(of: "Formats", ["Primitives"], exclude: ["noise.py"]),
        tests(of: "Simulation", ["Primitives", "Keys", "Commitments", "Evidence"]),
        .testTarget(
            name: "HostileTests",
            dependencies: [
                "TestSupport", "Primitives", "Keys", "Commitments", "Composition", "WorkerJob", "Execution", "Platform",
                "twocvm", "twocvm-worker", "wall-probe",
            ], exclude: ["Guests"], swiftSettings: house),
        .testTarget(
            name: "ShimTests",
            dependencies: [
                "Primitives", "Keys", "Commitments", "Composition", "WorkerJob", "Wasmtime", "TestSupport", crypto,
            ],
            swiftSettings: house),
    ]
)
