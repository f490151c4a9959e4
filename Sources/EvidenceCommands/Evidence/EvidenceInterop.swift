import ArgumentParser
import CommandOptions
import Commitments
import Evidence
import FoundationEssentials
import Keys
import Primitives
import Workbench

struct EvidenceWrap: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wrap",
        abstract: "Wrap a bundle for other people's verifiers: a RATS conceptual message (CMW).",
        discussion: """
            Writes a record of type, value and indicator, as JSON, or as CBOR with --cbor. `2cvm evidence show` and \
            `verify` take such records as well.

            Example: 2cvm evidence wrap evidence.json --output evidence.cmw.json
            """)

    @Argument(help: "An evidence bundle.", completion: .file(extensions: ["json"]))
    var bundle: String

    @Flag(help: "Write CBOR.")
    var cbor = false

    @OptionGroup var output: OutputOption

    func run() throws {
        let bundle = try readBundle(self.bundle)
        let stem = self.bundle.hasSuffix(".json") ? String(self.bundle.dropLast(".json".count)) : self.bundle
        let path = try output.write(
            cbor ? ConceptualMessage.cbor(bundle) : ConceptualMessage.json(bundle),
            unlessNamed: stem + (cbor ? ".cmw.cbor" : ".cmw.json"))
        print("wrote \(path)")
    }
}

/// Where a result goes that other programs read.
struct TokenOptions: ParsableArguments {
    @Option(
        name: .customLong("ear"),
        help: ArgumentHelp(
            "Write the result as an EAT Attestation Result, a JWT signed with --key. A verdict against the evidence "
                + "is written as well.", valueName: "file"),
        completion: .file())
    var file: String?

    @OptionGroup var page: PageOption

    @OptionGroup var keyFile: KeyOption
    @OptionGroup var passphrase: PassphraseOption

    @Option(help: ArgumentHelp("Whom the token is for; everybody else must refuse it.", valueName: "text"))
    var audience: String?

    @Option(help: ArgumentHelp("For how long the token may be used, from now.", valueName: "seconds"))
    var validSeconds: Int64?

    func validate() throws {
        guard file != nil || (keyFile.key == nil && audience == nil && validSeconds == nil) else {
            throw ValidationError("--key, --audience and --valid-seconds are for the token that --ear writes")
        }
        guard file != nil || page.html != nil || !page.force else {
            throw ValidationError("--force is for the files that --ear and --html write")
        }
        guard validSeconds.map({ 1...31_536_000 ~= $0 }) ?? true else {
            throw ValidationError("--valid-seconds is 1 to 31536000")
        }
    }

    func write<Affirmed>(
        _ appraisal: Appraisal<Affirmed>, by verifier: Verifier, answering nonce: SHA256Digest?
    ) throws(CommandFailure) {
        guard let file else { return }
        let keys = try readPrivateKeys(keyFile.file(for: Setting.name.text(nil)), passphrase)
        let now = try currentTime()
        var circumstances = AppraisalToken.Circumstances(build: "2cvm \(Version.product)", issued: now)
        circumstances.expires = validSeconds.flatMap { Timestamp(unixSeconds: now.unixSeconds + $0) }
        circumstances.audience = audience
        circumstances.nonce = nonce
        let token = AppraisalToken(appraisal, by: verifier, in: circumstances, signing: keys.signing)
        try writeFile(file, Array(token.text.utf8), mode: 0o644, force: page.force)
    }
}

struct EvidenceToken: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Verify an appraisal that somebody else signed as an EAT Attestation Result.",
        discussion: """
            FILE is what `2cvm evidence verify --ear` writes. Its word counts for as much as its signer's.

            Exit status: 0 the token holds and says "affirming", 1 it does not, 2 it cannot be decoded, 3 it cannot be \
            opened.

            Example: 2cvm evidence token result.jwt --by auditor --audience siem.example
            """)

    @Argument(help: "The token.", completion: .file())
    var file: String

    @Option(
        help: ArgumentHelp("Whose word you ask for: a name in your address book, or did:key:….", valueName: "name|key"))
    var by: String

    @Option(help: ArgumentHelp("Who you are, where the token is for somebody.", valueName: "text"))
    var audience: String?

    @Option(help: ArgumentHelp("Judge as of this time. Else now.", valueName: "date"), transform: timeArgument)
    var at: Timestamp?

    @Flag(help: "Print JSON: all claims.")
    var json = false

    func run() throws {
        let key = try signer()
        let time = try at ?? currentTime()
        let token = try readFile(file, maximumByteCount: AppraisalToken.maximumByteCount) {
            bytes throws(TokenError) in
            var text = String(decoding: bytes, as: UTF8.self)
            if text.last == "\n" { text.removeLast() }
            return try VerifiedAppraisalToken(text, by: key, audience: audience, at: time)
        }
        if json {
            printJSON(token.claims)
        } else {
            print("\(token.status), said by \(by.showingItself(besides: [])) at \(token.issued)")
        }
        if token.status != "affirming" { throw ExitStatus.refused.code }
    }

    private func signer() throws(CommandFailure) -> SigningPublicKey {
        if let key = SigningPublicKey(didKey: by) { return key }
        guard let name = Name(by), let key = try Home().addressBook().keys[name] else {
            throw CommandFailure(PolicyCommandError.unknownSigner(by))
        }
        return key
    }
}
