import Evidence
import Foundation
import Primitives
import TestSupport
import Testing

@Suite("Launch measurements against recorded ones")
struct MeasurementOracleTests {
    private var decoder: JSONDecoder {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }

    @Test("equal every recorded value of another implementation")
    func oracle() throws {
        let folder = try SharedFolder.url("vectors/snp/launch")
        let file = try Data(contentsOf: folder.appending(path: "launch-digest-oracle.json"))
        let oracle = try decoder.decode(Oracle.self, from: file)
        #expect(!oracle.cases.isEmpty)
        for item in oracle.cases {
            guard let firmware = try item.firmware(in: folder) else {
                print("skipped: \(item.ovmf) of the launch oracle is absent")
                continue
            }
            let measurement = try LaunchMeasurement(
                firmware: firmware, kernel: try item.kernelHashes(in: folder), processors: try item.processors())
            #expect(measurement.digest.description == item.digest, "\(item)")
        }
    }

    @Test("reproduce the measurement that real hardware signed")
    func realLaunch() throws {
        let url = try SharedFolder.url("vectors/snp/launch/dstack-milan-real.json")
        let launch = try decoder.decode(RealLaunch.self, from: try Data(contentsOf: url))
        let inputs = launch.inputs
        let sections = try inputs.ovmfSections.map { section in
            FirmwareSection(
                try #require(FirmwareSection.Kind(rawValue: section.sectionType)), address: section.gpa,
                byteCount: section.size)
        }
        let firmware = Firmware(
            pagesDigest: try #require(FixedBytes<48>(hex: inputs.ovmfHash)),
            layout: try FirmwareLayout(
                sections: sections, hashTableAddress: inputs.sevHashesTableGpa,
                resetAddress: inputs.sevEsResetEip))
        let type = try #require(VCPUType(named: inputs.vcpuType))
        let initrd: SHA256Digest = try #require(SHA256Digest(hex: inputs.initrdHash))
        let measurement = try LaunchMeasurement(
            firmware: firmware,
            kernel: try KernelHashes(
                kernel: try #require(SHA256Digest(hex: inputs.kernelHash)),
                initrd: initrd, commandLine: inputs.baseCmdline),
            processors: try VirtualProcessors(.qemu(type), count: inputs.vcpus, features: inputs.guestFeatures))
        #expect(measurement.digest.description == launch.expectedMeasurement)
    }
}

private struct Oracle: Decodable {
    let cases: [Case]

    struct Case: Decodable {
        let vcpus: Int
        let vcpuType: String?
        let vcpuSig: UInt32?
        let ovmf: String
        let kernel: String?
        let initrd: String?
        let append: String?
        let guestFeatures: UInt64
        let vmm: String
        let ovmfHash: String?
        let digest: String

        /// `nil` when the file is not among the vectors.
        func firmware(in folder: URL) throws -> Firmware? {
            guard let bytes = try? Data(contentsOf: folder.appending(path: ovmf)) else { return nil }
            let firmware = try Firmware(decoding: [UInt8](bytes))
            guard let ovmfHash else { return firmware }
            return Firmware(pagesDigest: try #require(FixedBytes<48>(hex: ovmfHash)), layout: firmware.layout)
        }

        func kernelHashes(in folder: URL) throws -> KernelHashes? {
            guard let kernel else { return nil }
            return try KernelHashes(
                kernel: try digest(of: kernel, in: folder), initrd: try initrd.map { try digest(of: $0, in: folder) },
                commandLine: append ?? "")
        }

        func processors() throws -> VirtualProcessors {
            let hypervisor: Hypervisor
            switch vmm {
            case "QEMU":
                let type = try #require(vcpuType.flatMap { VCPUType(named: $0) })
                #expect(type.signature == vcpuSig)
                hypervisor = .qemu(type)
            case "ec2": hypervisor = .ec2
            default: hypervisor = .gce
            }
            return try VirtualProcessors(hypervisor, count: vcpus, features: guestFeatures)
        }

        /// "null" stands for an empty file.
        private func digest(of name: String, in folder: URL) throws -> SHA256Digest {
            guard name != "null" else { return SHA256Digest(sha256: []) }
            return SHA256Digest(sha256: try Data(contentsOf: folder.appending(path: name)))
        }
    }
}

private struct RealLaunch: Decodable {
    let inputs: Inputs
    let expectedMeasurement: String

    struct Inputs: Decodable {
        let ovmfSections: [Section]
        let baseCmdline: String
        let ovmfHash: String
        let kernelHash: String
        let initrdHash: String
        let sevHashesTableGpa: UInt32
        let sevEsResetEip: UInt32
        let vcpus: Int
        let vcpuType: String
        let guestFeatures: UInt64
    }

    struct Section: Decodable {
        let gpa: UInt32
        let size: UInt32
        let sectionType: UInt32
    }
}
