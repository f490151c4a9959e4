import ArgumentParser
import CommandOptions
import Evidence
import Platform
import Primitives
import Workbench

/// Groups the commands on ID blocks.
struct IDBlockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "id-block",
        abstract: "Tie a launch to its owner: the firmware then starts nothing else under the owner's key.",
        discussion: """
            An ID block states the expected measurement and policy; an ID authentication signs it. QEMU takes both \
            in base64, as the properties id-block and id-auth of its sev-snp-guest object. Reports then carry the \
            digests of the keys.
            """,
        subcommands: [IDBlockKey.self, IDBlockMake.self, IDBlockSign.self, IDBlockVerify.self])
}

struct IDBlockKey: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make an ID key or author key.",
        discussion: """
            Writes an ECDSA P-384 key in PEM, for its owner only. An existing file is never overwritten. Keys of \
            openssl do as well.

            Example: 2cvm measure id-block key id.pem
            """)

    @Argument(help: "The new file.", completion: .file(extensions: ["pem"]))
    var file: String

    func run() throws {
        let key = IDPrivateKey()
        try writeFile(file, Array(key.pem.utf8), mode: 0o600, force: false)
        print("wrote \(file): keep it secret")
        print("digest  \(key.publicKey.digest)")
    }
}

struct IDBlockMake: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "make",
        abstract: "Write an ID block for a measurement.",
        discussion: """
            Example: 2cvm measure id-block make --measurement 329c8ce0... --policy 0x30000 --output launch.id-block
            """)

    @Option(
        help: ArgumentHelp("What `2cvm measure` printed: 96 hexadecimal digits.", valueName: "hex"),
        transform: measurementArgument)
    var measurement: FixedBytes<48>

    @Option(
        help: ArgumentHelp("The guest policy, hexadecimal. 0x30000 allows SMT, and no debugging.", valueName: "hex"),
        transform: policyArgument)
    var policy: GuestPolicy

    @Option(help: ArgumentHelp("The guest's security version.", valueName: "number"))
    var guestSVN: UInt32 = 0

    @Option(
        help: ArgumentHelp("Yours to choose, 32 hexadecimal digits: reports repeat it.", valueName: "hex"),
        transform: identifierArgument)
    var familyID: FixedBytes<16> = FixedBytes(repeating: 0)

    @Option(
        help: ArgumentHelp("Yours to choose, 32 hexadecimal digits: reports repeat it.", valueName: "hex"),
        transform: identifierArgument)
    var imageID: FixedBytes<16> = FixedBytes(repeating: 0)

    @OptionGroup var output: OutputOptions

    func run() throws {
        let block = IDBlock(
            launchDigest: measurement, policy: policy, guestSVN: guestSVN, ids: (familyID, imageID))
        try output.write(block.encoded)
    }
}

struct IDBlockSign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Write the ID authentication of an ID block.",
        discussion: """
            With an author key the ID key is signed in turn, so that it can be replaced without telling verifiers; \
            QEMU then needs author-key-enabled=on.

            Example: 2cvm measure id-block sign launch.id-block --id-key id.pem --output launch.id-auth
            """)

    @Argument(help: "The ID block, in base64.", completion: .file())
    var block: String

    @Option(help: "The ID key, PEM.", completion: .file(extensions: ["pem"]))
    var idKey: String

    @Option(help: "The author key, PEM.", completion: .file(extensions: ["pem"]))
    var authorKey: String?

    @OptionGroup var output: OutputOptions

    func run() throws {
        let block = try readBase64(block, as: IDBlock.init(decoding:))
        let idKey = try readKey(idKey)
        let authorKey = try authorKey.map(readKey)
        let signed: IDAuthentication
        do {
            signed = try IDAuthentication(signing: block, with: idKey, authorKey: authorKey)
        } catch {
            throw CommandFailure(error)
        }
        try output.write(signed.encoded)
        printKeyDigests(signed)
    }

    private func readKey(_ path: String) throws(CommandFailure) -> IDPrivateKey {
        try readFile(path, maximumByteCount: 16_384) { bytes throws(IDBlockError) in
            try IDPrivateKey(pem: String(decoding: bytes, as: UTF8.self))
        }
    }
}

struct IDBlockVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Verify an ID block's signatures, as the firmware does.",
        discussion: """
            Exit status: 0 both signatures fit, 1 they do not, 2 a file cannot be decoded, 3 it cannot be opened.

            Example: 2cvm measure id-block verify launch.id-block launch.id-auth --measurement 329c8ce0...
            """)

    @Argument(help: "The ID block, in base64.", completion: .file())
    var block: String

    @Argument(help: "The ID authentication, in base64.", completion: .file())
    var authentication: String

    @Option(
        help: ArgumentHelp("The measurement that the block must state.", valueName: "hex"),
        transform: measurementArgument)
    var measurement: FixedBytes<48>?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let block = try readBase64(block, as: IDBlock.init(decoding:))
        let authentication = try readBase64(authentication, as: IDAuthentication.init(decoding:))
        do throws(IDBlockError) {
            try authentication.verify(block)
        } catch {
            throw CommandFailure(error, in: self.authentication)
        }
        if let measurement, measurement != block.launchDigest {
            let error = CommandError.measurementDiffers(expected: measurement, found: block.launchDigest)
            throw CommandFailure(error, in: self.block)
        }
        if json {
            printJSON(value(block, authentication))
        } else {
            print("measurement        \(block.launchDigest)")
            print("policy             0x\(String(block.policy.rawValue, radix: 16))")
            print("guest SVN          \(block.guestSVN)")
            print("family ID          \(block.familyID)")
            print("image ID           \(block.imageID)")
            printKeyDigests(authentication)
        }
    }

    private func value(_ block: IDBlock, _ authentication: IDAuthentication) -> JSONValue {
        [
            "measurement": .string(block.launchDigest.description),
            "policy": .string("0x" + String(block.policy.rawValue, radix: 16)),
            "guestSVN": .integer(Int(block.guestSVN)), "familyID": .string(block.familyID.description),
            "imageID": .string(block.imageID.description),
            "idKeyDigest": .string(authentication.idKey.digest.description),
            "authorKeyDigest": authentication.authorKey.map { .string($0.digest.description) } ?? .null,
        ]
    }
}

/// Where a command writes one base64 file.
struct OutputOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: "The file to write.", completion: .file())
    var output: String

    @Flag(help: "Replace an existing file.")
    var force = false

    func write(_ bytes: [UInt8]) throws(CommandFailure) {
        try writeFile(output, Array((Base64.standard.encode(bytes) + "\n").utf8), mode: 0o644, force: force)
        printError("wrote \(output)")
    }
}

/// The digests that reports will carry.
private func printKeyDigests(_ authentication: IDAuthentication) {
    print("ID key digest      \(authentication.idKey.digest)")
    if let authorKey = authentication.authorKey { print("author key digest  \(authorKey.digest)") }
}

/// One line of base64.
func readBase64<Value>(
    _ path: String, as decode: ([UInt8]) throws(IDBlockError) -> Value
) throws(CommandFailure) -> Value {
    try readFile(path, maximumByteCount: 8192) { bytes throws(IDBlockError) in
        let line = bytes.last == 0x0A ? bytes.dropLast() : bytes[...]
        guard let decoded = Base64.standard.decode(String(decoding: line, as: UTF8.self)) else { throw .notBase64 }
        return try decode(decoded)
    }
}

func measurementArgument(_ text: String) throws(ValidationError) -> FixedBytes<48> {
    guard let value = FixedBytes<48>(hex: text) else {
        throw ValidationError("expected 96 lowercase hexadecimal digits, found \(text.utf8.count) characters")
    }
    return value
}

private func identifierArgument(_ text: String) throws(ValidationError) -> FixedBytes<16> {
    guard let value = FixedBytes<16>(hex: text) else {
        throw ValidationError("expected 32 lowercase hexadecimal digits, found \(text.utf8.count) characters")
    }
    return value
}

func policyArgument(_ text: String) throws(ValidationError) -> GuestPolicy {
    guard let policy = GuestPolicy(rawValue: try hexadecimalNumber(text)) else {
        throw ValidationError("\(text) is no guest policy: bit 17 must be set, and bits 26 and above not")
    }
    return policy
}
