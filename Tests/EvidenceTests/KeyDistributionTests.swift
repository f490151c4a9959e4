import Commitments
import Evidence
import Foundation
import Primitives
import Testing

@Suite("AMD's key distribution service")
struct KeyDistributionTests {
    private let chip = Array(UInt8(0)..<64).hex

    @Test("is asked for the chip's certificate at the reported TCB, the chain and the list")
    func genoa() throws {
        let files = try KeyDistribution(TestReport().signed())
        #expect(files.product == .genoa)
        #expect(
            files.leaf?.url
                == "https://kdsintf.amd.com/vcek/v1/Genoa/\(chip)?blSPL=10&teeSPL=0&snpSPL=27&ucodeSPL=88")
        #expect(files.leaf?.name == "vcek-Genoa-\(chip)-0a00000000001b58.der")
        #expect(files.chain.url == "https://kdsintf.amd.com/vcek/v1/Genoa/cert_chain")
        #expect(files.revocationList.url == "https://kdsintf.amd.com/vcek/v1/Genoa/crl")
    }

    @Test("is asked with eight bytes of the chip's ID and the FMC for a Turin")
    func turin() throws {
        var scenario = try Scenario()
        scenario.moveToTurin()
        let files = try KeyDistribution(scenario.report.signed())
        #expect(
            files.leaf?.url
                == "https://kdsintf.amd.com/vcek/v1/Turin/0001020304050607"
                + "?fmcSPL=1&blSPL=1&teeSPL=1&snpSPL=4&ucodeSPL=81")
        #expect(files.chain.name == "vcek-chain-Turin.pem")
    }

    @Test("has no certificate of a cloud provider's key")
    func vlek() throws {
        var scenario = try Scenario()
        scenario.moveToVLEK()
        let files = try KeyDistribution(scenario.report.signed())
        #expect(files.leaf == nil)
        #expect(files.chain.url == "https://kdsintf.amd.com/vlek/v1/Genoa/cert_chain")
        #expect(files.revocationList.name == "vlek-crl-Genoa.der")
    }

    @Test("needs to be told the product where the report does not say, and believes no other one")
    func products() throws {
        var report = TestReport()
        #expect(throws: KeyDistributionError.otherProduct(report: .genoa)) {
            try KeyDistribution(report.signed(), product: .turin)
        }
        report.setVersion(2)
        #expect(throws: KeyDistributionError.unknownProduct) { try KeyDistribution(report.signed()) }
        #expect(try KeyDistribution(report.signed(), product: .milan).chain.url.hasSuffix("/Milan/cert_chain"))
        report = TestReport()
        report.setEveryTCB([1, 1, 1, 4, 0, 0, 0, 81])
        report.set(0x188, [0x30])
        let unknown = KeyDistributionError.unknownProcessor(Processor(family: 0x30, model: 0x11, stepping: 0x01))
        #expect(throws: unknown) { try KeyDistribution(report.signed()) }
        // Whoever names a product for it would ask for a certificate in another product's layout.
        #expect(throws: unknown) { try KeyDistribution(report.signed(), product: .turin) }
        #expect(unknown.hint?.contains("--product") == false)
    }

    @Test("is not asked for what a report hides or does not have")
    func refusesReports() throws {
        var report = TestReport()
        report.set(0x1A0, [UInt8](repeating: 0, count: 64))
        #expect(throws: KeyDistributionError.maskedChip) { try KeyDistribution(report.signed()) }
        #expect(KeyDistributionError.maskedChip.hint?.contains("ask them for the certificate") == false)
        report = TestReport()
        report.set(0x48, [0x1C])
        #expect(throws: KeyDistributionError.notSigned) { try KeyDistribution(report.signed()) }
        report = TestReport()
        report.setVersion(2)
        report.set(0x180, [1, 1, 1, 1, 0, 0, 1, 1])
        #expect(throws: KeyDistributionError.unreadableTCB) { try KeyDistribution(report.signed(), product: .genoa) }
    }

    @Test("gives names and addresses that need no escaping", arguments: RealVector.all)
    func plainNames(_ vector: RealVector) throws {
        let product = try vector.endorsements.leaf?.product
        let files = try KeyDistribution(vector.report, product: product)
        for file in [files.leaf, files.chain, files.revocationList].compactMap(\.self) {
            #expect(file.name.wholeMatch(of: /[A-Za-z0-9.-]{1,200}/) != nil)
            #expect(file.url.wholeMatch(of: /https:\/\/kdsintf\.amd\.com\/[A-Za-z0-9\/_?=&]+/) != nil)
        }
    }
}

@Suite("A chain file")
struct CertificateChainTextTests {
    private func pem(_ der: [UInt8], label: String = "CERTIFICATE") -> String {
        let base64 = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN \(label)-----\n\(base64)\n-----END \(label)-----\n"
    }

    private func decode(_ text: String) throws(KeyDistributionError) -> CertificateChainText {
        try CertificateChainText(decoding: Array(text.utf8))
    }

    @Test("has the intermediate first, then the root")
    func decodes() throws {
        let chain = try decode(pem(TestChain.intermediateDER.get()) + pem(TestChain.rootDER.get()))
        #expect(chain.intermediate.subject.commonName == TestChain.intermediateName)
        #expect(chain.root.subject.commonName == TestChain.rootName)
    }

    @Test("is refused with fewer or more certificates, other labels, and anything that is no PEM")
    func refusesOthers() throws {
        let one = try pem(TestChain.rootDER.get())
        let other = try pem(TestChain.rootDER.get(), label: "PUBLIC KEY")
        for text in ["", one, one + one + one, one + other, one + "é" + one, "<html></html>", one.dropLast(40) + one] {
            #expect(throws: KeyDistributionError.unreadableChain) { try decode(String(text)) }
        }
        #expect(throws: KeyDistributionError.unreadableChain) {
            try decode(one + String(repeating: " ", count: 16_384) + one)
        }
    }

    @Test("is refused with a certificate that is none")
    func refusesContent() throws {
        let one = try pem(TestChain.rootDER.get())
        #expect { try decode(one + pem([0x30, 0x00])) } throws: {
            if case KeyDistributionError.certificate = $0 { true } else { false }
        }
    }
}
