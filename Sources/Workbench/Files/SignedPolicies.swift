internal import Commitments
package import Evidence
internal import Keys
internal import Platform
internal import Primitives

/// Policy files as the user named them, with whose they are.
///
/// Signatures count where the signer is in the address book. What was used before is kept in `policies.jsonl` in
/// ``Home``: an older policy of a key whose newer one was used is refused.
package struct SignedPolicies {
    package let documents: [PolicyDocument]
    private let names: [SigningPublicKey: Name]

    package var policy: VerifierPolicy { VerifierPolicy(documents.map(\.policy)) }

    /// - Parameters:
    ///   - demanded: each file must have its signature; by name in the address book, or the key itself.
    ///   - comparesDates: whether one that is older than what was used is refused.
    package init(files: [String], signedBy demanded: String? = nil, comparesDates: Bool = true) throws(CommandFailure) {
        guard !files.isEmpty else {
            (self.documents, self.names) = ([], [:])
            return
        }
        // Without a home nobody is known: then a signed file is refused, and a plain one needs none.
        let home = try? Home()
        let book = try home?.addressBook() ?? AddressBook()
        names = Dictionary(book.keys.map { ($0.value, $0.key) }) { first, _ in first }
        var documents: [PolicyDocument] = []
        for file in files {
            let document = try readFile(file, maximumByteCount: PolicyDocument.maximumByteCount) {
                bytes throws(EvidenceFileError) in
                try PolicyDocument(decoding: bytes, trusting: Array(book.keys.values))
            }
            if let demanded {
                guard let key = Name(demanded).flatMap({ book.keys[$0] }) ?? SigningPublicKey(didKey: demanded),
                    document.signers.contains(key)
                else { throw CommandFailure(PolicyCommandError.notSigned(by: demanded), in: file) }
            }
            documents.append(document)
        }
        self.documents = documents
        guard comparesDates, documents.contains(where: { !$0.signers.isEmpty }) else { return }
        try note(isUse: false)
    }

    /// Keeps that they are used, for as long as the home folder is kept.
    package func noteUse() throws(CommandFailure) {
        guard documents.contains(where: { !$0.signers.isEmpty }) else { return }
        try note(isUse: true)
    }

    private func note(isUse: Bool) throws(CommandFailure) {
        let folder = try Home().folder
        let path = folder + "/policies.jsonl"
        guard isUse || NamedFile.exists(path) else { return }
        do {
            try NamedFile.makeFolders(folder)
            let file = try LockedFile(path: path)
            var history = try PolicyHistory(decoding: try file.read(upTo: PolicyHistory.maximumByteCount + 1))
            let lines = try history.use(documents)
            if isUse, !lines.isEmpty { try file.append(lines) }
        } catch let error as any CommandFault {
            // What is wrong is a line of that file, or a policy, which the message names.
            throw CommandFailure(error, in: error is EvidenceFileError ? path : nil)
        } catch {
            preconditionFailure("these modules throw errors of their own kinds")
        }
    }

    /// `strict of 2026-11-27, signed by desk`.
    package func line(on document: PolicyDocument) -> String {
        let policy = document.policy
        let signers = document.signers.map { names[$0]?.description ?? $0.didKey }.sorted()
        let words = signers.isEmpty ? "signed by nobody" : "signed by \(signers.joined(separator: ", "))"
        return "\(policy.name) of \(policy.date.description.prefix(10)), \(words)"
    }
}

/// Why a key that was named vouches for nothing.
package enum PolicyCommandError: Error, Equatable {
    case notSigned(by: String)
    case unknownSigner(String)
}

extension PolicyCommandError: CommandFault {
    package var status: ExitStatus { .refused }

    package var code: String {
        switch self {
        case .notSigned: "policy.signer"
        case .unknownSigner: "signer.unknown"
        }
    }

    package var message: String {
        switch self {
        case .notSigned(let name): "the policy has no signature by \(name) that you trust"
        case .unknownSigner(let name): "\(name) is neither a name in your address book nor a key"
        }
    }

    package var hint: String? {
        switch self {
        case .notSigned:
            "get the signed file from its author; `2cvm key list` shows whose keys you know, `2cvm key trust` adds one"
        case .unknownSigner: "`2cvm key list` shows whose keys you know, `2cvm key trust` adds one"
        }
    }
}
