// swift-tools-version: 6.2
import PackageDescription

/// A package outside 2cVM that builds on its verification. It has a module of its own named as one of 2cVM's, on
/// purpose: `moduleAliases` gives 2cVM's another name in here.
///
/// SwiftPM knows a package in a folder by the folder's name. One that comes from a repository is known by the
/// repository's: `package: "2cvm"`.
let twocvm = String(Context.packageDirectory.split(separator: "/").dropLast(2).last ?? "2cvm")

let package = Package(
    name: "auditor",
    dependencies: [.package(path: "../..")],
    targets: [
        .target(name: "Evidence"),
        .executableTarget(
            name: "auditor",
            dependencies: [
                "Evidence",
                .product(
                    name: "TwoCVMVerification", package: twocvm, moduleAliases: ["Evidence": "TwoCVMEvidence"]),
            ]),
    ]
)
