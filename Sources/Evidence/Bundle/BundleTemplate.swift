internal import Primitives

/// What all bundles of one session and one set of endorsements have in common, encoded once.
///
/// Certificates and keys are most of a bundle and stay the same for hours; the report changes with each tree of
/// nonces, the answer with each verifier. What this puts together are the very bytes of ``EvidenceBundle/encoded``.
public struct BundleTemplate: Sendable {
    private let beforeReport: [UInt8]
    private let afterReport: [UInt8]
    private let afterAnswer: [UInt8]

    /// Takes any bundle with these endorsements and this session as the sample.
    public init(_ sample: EvidenceBundle) {
        let bytes = sample.encoded
        let report = Array(Base64.standard.encode(sample.report.encoded).utf8)
        let (upToReport, rest) = split(bytes, at: Array("\n  \"report\": \"".utf8), keepingMark: true)
        let (upToAnswer, answer) = split(rest.dropFirst(report.count), at: Array("\n  \"nonce\": ".utf8))
        let (_, end) = split(answer, at: Array("\n  \"manifestDigest\": ".utf8))
        beforeReport = Array(upToReport)
        afterReport = Array(upToAnswer)
        afterAnswer = Array(end)
    }

    /// The common part of all bundles with that report.
    public func sheet(for report: AttestationReport) -> BundleSheet {
        let text = Array(Base64.standard.encode(report.encoded).utf8)
        return BundleSheet(head: beforeReport + text + afterReport, tail: afterAnswer)
    }
}

/// A bundle but for its answer: what stands before it, and what stands after it.
public struct BundleSheet: Sendable {
    public let head: [UInt8]
    public let tail: [UInt8]

    /// What stands between ``head`` and ``tail``: the members `nonce` and `noncePath`.
    public func answer(_ answer: NonceAnswer) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(192 + 76 * answer.path.hashes.count)
        text += "\n  \"nonce\": \"".utf8
        text += answer.nonce.description.utf8
        text += "\",\n  \"noncePath\": {\n    \"index\": ".utf8
        text += String(answer.path.index).utf8
        text += ",\n    \"size\": ".utf8
        text += String(answer.path.size).utf8
        text += ",\n    \"hashes\": [".utf8
        for (index, hash) in answer.path.hashes.enumerated() {
            text += (index == 0 ? "\n      \"" : ",\n      \"").utf8
            text += hash.description.utf8
            text.append(UInt8(ascii: "\""))
        }
        text += (answer.path.hashes.isEmpty ? "]\n  }," : "\n    ]\n  },").utf8
        return text
    }
}

/// Divides where `mark` stands first. No value in a bundle can contain it: they are base64 and hexadecimal.
private func split(
    _ bytes: some Collection<UInt8>, at mark: [UInt8], keepingMark: Bool = false
) -> (before: ArraySlice<UInt8>, after: ArraySlice<UInt8>) {
    let text = Array(bytes)
    guard
        let start = text.indices.first(where: { text[$0] == mark[0] && text[$0...].starts(with: mark) })
    else { preconditionFailure("an encoded bundle has all of its members") }
    let cut = keepingMark ? start + mark.count : start
    return (text[..<cut], text[cut...])
}
