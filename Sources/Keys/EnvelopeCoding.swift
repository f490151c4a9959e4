public import Primitives

extension Envelope {
    /// Decodes `{"payload", "payloadType", "signatures": [{"keyid", "sig"}]}`: base64 with padding, did:key
    /// as key ids, no other members, 1 to 64 signatures by distinct keys.
    ///
    /// - Throws: ``EnvelopeError`` for another payload type as well: what is expected is the caller's to say.
    public init(decoding bytes: [UInt8], as type: PayloadType) throws(EnvelopeError) {
        self = try JSONDocument.read(
            bytes, maximumByteCount: Self.maximumByteCount(of: type), maximumDepth: 4, orThrow: EnvelopeError.document
        ) { reader throws(JSONShapeError) in
            try Self(reader, as: type)
        }
        var seen: Set<SigningPublicKey> = []
        for signature in signatures {
            guard seen.insert(signature.keyID).inserted else { throw .repeatedSigner(signature.keyID) }
        }
    }

    /// The envelope as JSON with a final newline.
    public var encoded: [UInt8] { json.indentedBytes }

    /// The same as a value, for a document that holds several.
    package var json: JSONValue {
        let list = signatures.map { signature -> JSONValue in
            [
                "keyid": .string(signature.keyID.didKey),
                "sig": .base64(signature.signature.bytes),
            ]
        }
        return [
            "payloadType": .string(payloadType.name),
            "payload": .base64(payload),
            "signatures": .array(list),
        ]
    }

    /// Room for the payload in base64, every signature, and whitespace.
    public static func maximumByteCount(of type: PayloadType) -> Int {
        (type.maximumByteCount + 2) / 3 * 4 + maximumSignatureCount * 512 + 1024
    }

    /// Reads ``json``. A signer who stands there twice is the caller's to refuse.
    package init(_ reader: JSONReader, as type: PayloadType) throws(JSONShapeError) {
        var object = try reader.object()
        let typeReader = try object.required("payloadType")
        guard typeReader.isWord(type.name) else {
            throw .unknownWord(typeReader.path, expected: [type.name])
        }
        let payload = try object.required("payload").base64(maximumByteCount: type.maximumByteCount)
        let list = try object.required("signatures")
        var signatures: [EnvelopeSignature] = []
        for reader in try list.array(maximumCount: Self.maximumSignatureCount) {
            signatures.append(try EnvelopeSignature(reader))
        }
        guard !signatures.isEmpty else { throw .wrongForm(list.path, expected: "at least one signature") }
        try object.finish()
        self.init(payloadType: type, payload: payload, signatures: signatures)
    }
}

extension EnvelopeSignature {
    fileprivate init(_ reader: JSONReader) throws(JSONShapeError) {
        var object = try reader.object()
        keyID = try object.required("keyid").signingPublicKey()
        signature = try object.parsed("sig", as: "64 bytes in base64") { text in
            Base64.standard.decode(text).flatMap { FixedBytes<64>($0) }
        }
        try object.finish()
    }
}

extension JSONReader {
    /// An Ed25519 public key as `did:key:z…`.
    public func signingPublicKey() throws(JSONShapeError) -> SigningPublicKey {
        try parsed(as: "an Ed25519 key as did:key:z6Mk…") { SigningPublicKey(didKey: $0) }
    }

    /// An X-Wing public key as `xwing:…`.
    public func sealingPublicKey() throws(JSONShapeError) -> SealingPublicKey {
        try parsed(as: "an X-Wing key as xwing: and 1,622 characters of base64url") { SealingPublicKey(text: $0) }
    }
}
