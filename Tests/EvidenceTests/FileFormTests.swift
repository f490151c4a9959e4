import Evidence
import Foundation
import Primitives
import Testing

/// Files as the tools write them that people have.
@Suite("Files of certificates and keys")
struct FileFormTests {
    private func pem(_ der: [UInt8], _ label: String = "CERTIFICATE") -> String {
        let base64 = Data(der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN \(label)-----\n\(base64)\n-----END \(label)-----\n"
    }

    private func der(_ text: String, as label: PEMLabel = .certificate) throws(CertificateError) -> [UInt8] {
        try derBytes(of: Array(text.utf8), as: label)
    }

    /// As `openssl x509 -text` prints before the block.
    private let text = "Certificate:\n    Data:\n        Version: 3 (0x2)\n\n"

    @Test("are taken with text around the block, with both line ends, and as DER")
    func taken() throws {
        let bytes: [UInt8] = [0x30, 0x82, 0x01, 0x02, 0xFF]
        let block = pem(bytes)
        for form in [block, text + block, "\n" + block, block + "\nBag Attributes\n", text + block + text] {
            #expect(try der(form) == bytes)
            #expect(try der(form.replacing("\n", with: "\r\n")) == bytes)
        }
        #expect(try derBytes(of: bytes, as: .certificate) == bytes)
        #expect(try der(text + pem(bytes, "X509 CRL"), as: .revocationList) == bytes)
    }

    @Test("are told from each other: two blocks, a list in a certificate's place, a block cut off")
    func told() {
        let block = pem([0x30, 0x00])
        #expect(throws: CertificateError.severalDocuments(2)) { try der(block + block) }
        #expect(CertificateError.severalDocuments(2).hint?.contains("--chain") == true)
        #expect(throws: CertificateError.otherDocument(expected: .certificate)) {
            try der(pem([0x30, 0x00], "X509 CRL"))
        }
        #expect(throws: CertificateError.otherDocument(expected: .revocationList)) {
            try der(block, as: .revocationList)
        }
        #expect(throws: CertificateError.malformed(.outline)) { try der(String(block.dropLast(20))) }
        // What a broken list was told to do once: convert it as a certificate.
        #expect(CertificateError.malformed(.outline).hint?.contains("openssl x509") == false)
    }

    @Test("are a chain of two certificates with text between them too")
    func chains() throws {
        let blocks = try (pem(TestChain.intermediateDER.get()), pem(TestChain.rootDER.get()))
        let chain = try CertificateChainText(decoding: Array((text + blocks.0 + text + blocks.1).utf8))
        #expect(chain.root.subject.commonName == TestChain.rootName)
    }

    @Test("are an Azure blob by its mark, and told as that")
    func azure() throws {
        let blob = Array("HCLA".utf8) + [UInt8](repeating: 0, count: 2596)
        #expect(throws: ReportError.azureBlob) { try AttestationReport(decoding: blob.span) }
        #expect(ReportError.azureBlob.hint?.contains("docs/WHERE.md") == true)
        #expect(throws: ReportError.wrongSize(found: 2600)) {
            try AttestationReport(decoding: [UInt8](repeating: 0, count: 2600).span)
        }
    }

    @Test("are a key after the block of parameters that openssl writes first")
    func parameters() throws {
        let key = IDPrivateKey()
        let block = "-----BEGIN EC PARAMETERS-----\nBgUrgQQAIg==\n-----END EC PARAMETERS-----\n"
        #expect(try IDPrivateKey(pem: block + key.pem).publicKey == key.publicKey)
        #expect(throws: IDBlockError.unreadableKey) { try IDPrivateKey(pem: block) }
        #expect(throws: IDBlockError.unreadableKey) { try IDPrivateKey(pem: block + block + key.pem) }
    }
}
