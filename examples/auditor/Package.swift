// swift-tools-version: 6.2
import PackageDescription

/// A package outside 2cVM that builds on its verification. It has a module of its own named as one of 2cVM's, on
/// purpose: `moduleAliases` gives 2cVM's another name in here.
let package = Package(
    name: "auditor",
    dependencies: [.package(name: "2cvm", path: "../..")],
    targets: [
        .target(name: "Evidence"),
        .executableTarget(
            name: "auditor",
            dependencies: [
                "Evidence",
                .product(
                    name: "TwoCVMVerification", package: "2cvm", moduleAliases: ["Evidence": "TwoCVMEvidence"]),
            ]),
    ]
)
