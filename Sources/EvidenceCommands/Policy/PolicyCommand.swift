import ArgumentParser
import CommandOptions
import Commitments
import Evidence
import Keys
import Primitives
import Workbench

/// Groups the commands on policy files.
struct PolicyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Read, compare and sign your own rules on machines.",
        discussion: """
            A policy file names published attacks, and what closes each on each processor. It can only narrow what a \
            manifest allows. Commands that judge evidence take it with --policy; docs/EVIDENCE.md describes the form.
            """,
        subcommands: [PolicyCheck.self, PolicyExplain.self, PolicyDiff.self, PolicySign.self])
}

struct PolicyCheck: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Say whether policy files are valid, whose they are, and what they leave unconfirmed.",
        discussion: """
            Nothing is judged, and no use is noted.

            Exit status: 0 valid, 1 signed by a key that you do not trust, or older than one that you used, 2 a file \
            cannot be decoded, 3 it cannot be opened.

            Example: 2cvm policy check policy.json
            """)

    @Argument(help: "Policy files, signed or not.", completion: .file(extensions: ["json"]))
    var files: [String]

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let policies = try SignedPolicies(files: files)
        if json {
            return printJSON([
                "version": 1,
                "policies": .array(
                    policies.documents.map { document -> JSONValue in
                        let policy = document.policy
                        return [
                            "name": .string(policy.name.description), "date": .string(policy.date.description),
                            "digest": .string(policy.digest.prefixed), "rules": .integer(policy.ruleCount),
                            "unconfirmed": .integer(policy.unconfirmedCount),
                            "signers": .array(document.signers.map(\.didKey).sorted().map { .string($0) }),
                        ]
                    }),
            ])
        }
        for document in policies.documents {
            let policy = document.policy
            print("\(policies.line(on: document)): \(policy.ruleCount) rules, \(policy.unconfirmedCount) unconfirmed")
        }
    }
}

struct PolicyExplain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say what policy files demand, advisory by advisory.",
        discussion: """
            The author wrote the lines that begin with |. Look twice at lines that begin with !: they were read at \
            second hand and not confirmed.

            Example: 2cvm policy explain docs/examples/policy-strict.json
            """)

    @Argument(help: "Policy files, signed or not.", completion: .file(extensions: ["json"]))
    var files: [String]

    func run() throws {
        let policies = try SignedPolicies(files: files)
        policies.policy.explanation(columns: Screen.columns).forEach { print($0) }
    }
}

struct PolicyDiff: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Say what a later policy file demands more, and what less.",
        discussion: """
            Lines that begin with ! demand less than before.

            Exit status 0 when both demand the same, 1 when they differ.

            Example: 2cvm policy diff old.json new.json
            """)

    @Argument(help: "The earlier policy.", completion: .file(extensions: ["json"]))
    var before: String

    @Argument(help: "The later policy.", completion: .file(extensions: ["json"]))
    var after: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let policies = try [before, after].map { file throws(CommandFailure) in
            try SignedPolicies(files: [file], comparesDates: false).documents[0].policy
        }
        let changes = PolicyDifference(from: policies[0], to: policies[1]).changes
        if json {
            printJSON([
                "version": 1,
                "changes": .array(
                    changes.map { ["effect": .string($0.effect.rawValue), "text": .string($0.text)] }),
            ])
        } else {
            for change in changes {
                print("\(change.effect == .weaker ? "!" : " ") \(change.effect.rawValue): \(change.text)")
            }
        }
        if !changes.isEmpty { throw ExitStatus.refused.code }
    }
}

struct PolicySign: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a policy file, for those who trust your key.",
        discussion: """
            Writes a DSSE envelope with your signature, or adds it to one. People who have your key in the address \
            book (`2cvm key trust`) can then use the file, and demand your signature with --policy-signer. Once they \
            used one, they refuse older ones of yours. Give one date to files that belong together.

            Example: 2cvm policy sign policy.json --key desk.key --output policy.signed.json
            """)

    @Argument(help: "The policy file, or an envelope that others signed.", completion: .file(extensions: ["json"]))
    var file: String

    @OptionGroup var keyFile: KeyOption
    @OptionGroup var passphrase: PassphraseOption
    @OptionGroup var output: OutputOption

    func run() throws {
        let keys = try readPrivateKeys(keyFile.file(for: Setting.name.text(nil)), passphrase)
        let envelope = try readFile(file, maximumByteCount: PolicyDocument.maximumByteCount) {
            bytes throws(EvidenceFileError) in
            try PolicyDocument.sign(bytes, by: keys.signing)
        }
        // An envelope keeps its name: with --force the further signature goes into it.
        let ending = file.hasSuffix(".signed.json") ? ".signed.json" : file.hasSuffix(".json") ? ".json" : ""
        let path = try output.write(
            envelope.encoded, unlessNamed: file.dropLast(ending.count) + ".signed.json")
        print("signed by \(keys.signing.publicKey.didKey)")
        print("wrote \(path)")
    }
}
