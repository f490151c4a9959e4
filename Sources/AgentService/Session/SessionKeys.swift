package import Keys
internal import Platform
package import Primitives
internal import Synchronization

/// The session's private keys: drawn at boot, in this process's memory alone, never written.
///
/// The last reference to the sealing key goes with ``destroySealingKey()``. Swift does not let its bytes be overwritten
/// on the way: the allocator may give them to another use first. No other process can read them, and the machine's
/// memory is encrypted.
package final class SessionKeys: Sendable {
    /// Signs receipts and the headers of outputs.
    package let signing: SigningKey
    /// The public halves, which evidence vouches for.
    package let identity: SessionPublicKeys

    /// What evidence of another session must answer to be taken by this one.
    package let peerNonce: FixedBytes<32>

    private let sealing: Mutex<SealingKey?>

    /// Draws both keys from the system's generator.
    package init() {
        let signing = SigningKey(seed: SecretSeed(randomBytes()))
        let sealing = SealingKey(seed: SecretSeed(randomBytes()))
        identity = SessionPublicKeys(sealing: sealing.publicKey, signing: signing.publicKey)
        self.signing = signing
        // Zeros are the question of the lock's evidence, which anyone can have and show again.
        var nonce: FixedBytes<32>
        repeat { nonce = randomBytes() } while nonce.isZero
        peerNonce = nonce
        self.sealing = Mutex(sealing)
    }

    /// What opens streams that were sealed to the session, until it is destroyed.
    package var sealingKey: SealingKey? { sealing.withLock { $0 } }

    /// Forgets the sealing key. From now on nobody can open what was sealed to the session, this process included.
    package func destroySealingKey() {
        sealing.withLock { $0 = nil }
    }
}
