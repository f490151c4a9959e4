internal import Commitments
internal import Primitives

extension Endorsements {
    /// As `PUT /v1/endorsements` takes them: certificates and revocation list, what there is of them, as JSON.
    public var upload: [UInt8] {
        func base64(_ der: [UInt8]) -> JSONValue { .string(Base64.standard.encode(der)) }
        var certificates: [JSONMember] = []
        if let leaf { certificates.append(JSONMember(leaf.key.kind.rawValue, base64(leaf.certificate.encoded))) }
        if let intermediate { certificates.append(JSONMember("ask", base64(intermediate.encoded))) }
        if let root { certificates.append(JSONMember("ark", base64(root.encoded))) }
        var members = [JSONMember("version", 1), JSONMember("certificates", .object(certificates))]
        if let list = revocationList { members.append(JSONMember("revocationList", base64(list.encoded))) }
        return JSONValue.object(members).canonicalBytes
    }
}
