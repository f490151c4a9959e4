internal import Crypto
internal import FoundationEssentials
internal import Keys
internal import Primitives

/// HPKE (RFC 9180), base mode: X-Wing, HKDF-SHA256, AES-256-GCM. Its sequence number orders the chunks.
private let ciphersuite = HPKE.Ciphersuite.XWingMLKEM768X25519_SHA256_AES_GCM_256

/// "2cvm sealed v1" ‖ purpose ‖ session id: a stream opens in its own session and for its own purpose only.
private func info(for purpose: Purpose, in session: FixedBytes<32>) -> Data {
    Data(Array("2cvm sealed v1".utf8) + Array(purpose.rawValue.utf8) + session.bytes)
}

/// What the exported key is for.
private let exportContext = Data("2cvm header binding v1".utf8)

/// Seals chunks in order.
struct ChunkSealer: Sendable {
    private var sender: HPKE.Sender

    init(to recipient: SealingPublicKey, for purpose: Purpose, in session: FixedBytes<32>) throws(SealingError) {
        do {
            let key = try XWingMLKEM768X25519.PublicKey(rawRepresentation: recipient.rawRepresentation.bytes)
            sender = try HPKE.Sender(
                recipientKey: key, ciphersuite: ciphersuite, info: info(for: purpose, in: session))
        } catch {
            throw .unusableKey
        }
    }

    var encapsulatedKey: [UInt8] { [UInt8](sender.encapsulatedKey) }

    mutating func seal(_ chunk: [UInt8], as kind: StreamFormat.ChunkKind) throws(SealingError) -> [UInt8] {
        do {
            return [UInt8](try sender.seal(chunk, authenticating: [kind.rawValue]))
        } catch {
            throw .cannotSeal
        }
    }

    /// HMAC-SHA256 over a header, under a key that only this stream's two ends have.
    func bindingCode(over header: [UInt8]) throws(SealingError) -> FixedBytes<32> {
        do {
            return code(over: header, under: try sender.exportSecret(context: exportContext, outputByteCount: 32))
        } catch {
            throw .cannotSeal
        }
    }
}

/// Opens chunks in order.
struct ChunkOpener: Sendable {
    private var recipient: HPKE.Recipient

    init(
        with key: SealingKey, for purpose: Purpose, in session: FixedBytes<32>, encapsulatedKey: [UInt8]
    ) throws(SealingError) {
        do {
            let key = try XWingMLKEM768X25519.PrivateKey(
                seedRepresentation: key.seed.bytes.bytes, publicKey: nil)
            recipient = try HPKE.Recipient(
                privateKey: key, ciphersuite: ciphersuite, info: info(for: purpose, in: session),
                encapsulatedKey: Data(encapsulatedKey))
        } catch {
            throw .cannotOpen(chunk: 0)
        }
    }

    mutating func open(
        _ chunk: ArraySlice<UInt8>, as kind: StreamFormat.ChunkKind, at index: Int
    ) throws(SealingError) -> [UInt8] {
        do {
            // A Data made of the slice would be one more copy of it.
            return [UInt8](try recipient.open(chunk, authenticating: [kind.rawValue]))
        } catch {
            throw .cannotOpen(chunk: index)
        }
    }

    func bindingCode(over header: [UInt8]) throws(SealingError) -> FixedBytes<32> {
        do {
            return code(over: header, under: try recipient.exportSecret(context: exportContext, outputByteCount: 32))
        } catch {
            throw .cannotOpen(chunk: 0)
        }
    }
}

private func code(over header: [UInt8], under key: SymmetricKey) -> FixedBytes<32> {
    guard let code = FixedBytes<32>(Array(HMAC<SHA256>.authenticationCode(for: header, using: key))) else {
        preconditionFailure("HMAC-SHA256 gives 32 bytes")
    }
    return code
}
