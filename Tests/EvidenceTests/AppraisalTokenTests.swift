import Commitments
import Evidence
import Foundation
import Keys
import Primitives
import TestSupport
import Testing

@Suite("An appraisal as a token")
struct AppraisalTokenTests {
    private static let key = SigningKey(seed: SecretSeed(FixedBytes(repeating: 7)))
    private static let other = SigningKey(seed: SecretSeed(FixedBytes(repeating: 8)))
    private static let audience = "siem.example"
    private let now: Timestamp

    init() throws { now = try #require(Timestamp("2026-09-01")) }

    private func token(
        _ change: (inout Scenario) -> Void = { _ in }, _ terms: (inout AppraisalToken.Circumstances) -> Void = { _ in }
    ) throws -> String {
        var scenario = try Scenario()
        change(&scenario)
        var circumstances = AppraisalToken.Circumstances(build: "2cvm test", issued: now)
        circumstances.audience = Self.audience
        circumstances.expires = Timestamp(unixSeconds: now.unixSeconds + 600)
        terms(&circumstances)
        return AppraisalToken(
            try scenario.appraise(), by: scenario.verifier, in: circumstances, signing: Self.key
        ).text
    }

    private func read(
        _ text: String, audience: String? = audience, at time: Timestamp? = nil
    ) throws(TokenError) -> VerifiedAppraisalToken {
        try VerifiedAppraisalToken(text, by: Self.key.publicKey, audience: audience, at: time ?? now)
    }

    private func vector(_ text: String) throws -> [String: Int] {
        let claims = try #require(
            JSONSerialization.jsonObject(with: Data(try read(text).claims.canonicalBytes)) as? [String: Any])
        let submodules = try #require(claims["submods"] as? [String: Any])
        let machine = try #require(submodules["sev-snp"] as? [String: Any])
        return try #require(machine["ear_trustworthiness_vector"] as? [String: Int])
    }

    @Test("says affirming only where chip, image, report data and firmware were compared and held")
    func affirming() throws {
        let text = try token()
        #expect(try read(text).status == "affirming")
        #expect(
            try vector(text) == ["instance-identity": 2, "configuration": 2, "executables": 2, "hardware": 2])
        let image = try token { $0.reference.measurements = .any }
        #expect(try read(image).status == "none")
        #expect(try vector(image)["executables"] == nil)
        #expect(try read(token { $0.reference.reportData = .any }).status == "none")
        #expect(try read(token { $0.reference.chips = .any }).status == "warning")
        let host = try token { $0.reference.hostData = .any }
        #expect(try read(host).status == "none")
        #expect(try vector(host)["configuration"] == nil)
    }

    @Test("says warning for what a policy tells, and contraindicated for what is refused, simulated or not")
    func worse() throws {
        let open = try PolicyText.policy(closedBy: #""nothing""#, open: "told")
        #expect(try vector(token { $0.verifier.policy = open })["hardware"] == 32)
        #expect(try read(token { $0.verifier.policy = open }).status == "warning")
        let refused = try token { $0.report.set(0x90, [0]) }
        #expect(try read(refused).status == "contraindicated")
        #expect(try vector(refused)["executables"] == 96)
        #expect(try vector(token { $0.report.set(0x1A0, [0xFF]) })["instance-identity"] == 96)
        #expect(try vector(token { $0.report.set(0x40, [0x00]) })["configuration"] == 96)
        // A rehearsal's appraisal is affirmed, and its token says that there is no hardware.
        let rehearsal = try token { $0.reference.isRehearsal = true }
        #expect(try read(rehearsal).status == "contraindicated")
        #expect(try vector(rehearsal)["hardware"] == 96)
    }

    @Test("names the policies that it was appraised by, the evidence's nonce, and every finding")
    func contents() throws {
        let policy = try PolicyText.policy(closedBy: #"[{"current": {"snp": 27}}]"#)
        let text = try token {
            $0.verifier.policy = policy
        } _: {
            $0.nonce = FixedBytes(repeating: 0xAB)
        }
        let claims = String(decoding: try read(text).claims.canonicalBytes, as: UTF8.self)
        #expect(claims.contains("test/2026-11-01/sha256:"))
        #expect(claims.contains(Base64.urlUnpadded.encode([UInt8](repeating: 0xAB, count: 32))))
        #expect(claims.contains("evidence.policy-file.closed"))
        #expect(claims.contains(#""eat_profile":"tag:ietf.org,2026:rats/ear#04""#))
    }

    // MARK: - Hostile tokens

    private func part(_ text: String) -> String { Base64.urlUnpadded.encode(Array(text.utf8)) }

    private func forged(header: String, payload: String? = nil, by key: SigningKey? = key) throws -> String {
        let honest = try token().split(separator: ".").map(String.init)
        let content = part(header) + "." + (payload.map(part) ?? honest[1])
        guard let key else { return content + "." }
        return content + "." + Base64.urlUnpadded.encode(key.signature(over: Array(content.utf8)).bytes)
    }

    private func header(_ algorithm: String = "EdDSA", _ more: String = "", key: SigningKey = key) -> String {
        #"{"alg":"\#(algorithm)","kid":"\#(key.publicKey.didKey)","typ":"eat+jwt"\#(more)}"#
    }

    @Test("is refused with another algorithm, with none, and where it brings a key or conditions of its own")
    func algorithms() throws {
        for algorithm in ["none", "None", "NONE", "HS256", "ES256", "RS256", "EdDSA ", "Ed25519", ""] {
            #expect(throws: TokenError.algorithm) { try read(forged(header: header(algorithm))) }
        }
        #expect(throws: TokenError.algorithm) { try read(forged(header: header("none"), by: nil)) }
        #expect(throws: TokenError.signature) { try read(forged(header: header(), by: nil)) }
        for more in [#","jwk":{"kty":"OKP"}"#, #","jku":"https://x""#, #","crit":["exp"]"#, #","x5c":[]"#] {
            #expect(throws: TokenError.self) { try read(forged(header: header("EdDSA", more))) }
        }
        #expect(throws: TokenError.self) { try read(forged(header: #"{"alg":"EdDSA"}"#)) }
        #expect(throws: TokenError.self) { try read(forged(header: header("none", #","alg":"EdDSA""#))) }
    }

    @Test("is refused by another key, whatever key it names, and where a bit of it changed")
    func keys() throws {
        #expect(throws: TokenError.key) { try read(forged(header: header(key: Self.other), by: Self.other)) }
        #expect(throws: TokenError.signature) { try read(forged(header: header(), by: Self.other)) }
        #expect(throws: TokenError.key) {
            try VerifiedAppraisalToken(
                try token(), by: Self.other.publicKey, audience: Self.audience, at: now)
        }
        let honest = try Array(token().utf8)
        for index in stride(from: 0, to: honest.count, by: 7) where honest[index] != UInt8(ascii: ".") {
            var changed = honest
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(throws: TokenError.self) { try read(String(decoding: changed, as: UTF8.self)) }
        }
    }

    @Test("is refused for another audience, for none that is named, before it was issued and once it expired")
    func terms() throws {
        let text = try token()
        for audience in ["other.example", "", nil] as [String?] {
            #expect(throws: TokenError.audience) { try read(text, audience: audience) }
        }
        let open = try token { _ in
        } _: {
            $0.audience = nil
        }
        #expect(throws: TokenError.audience) { try read(open) }
        #expect(try read(open, audience: nil).status == "affirming")
        for (seconds, isRead) in [(-301, false), (-300, true), (0, true), (599, true), (600, false), (9999, false)] {
            let time = try #require(Timestamp(unixSeconds: now.unixSeconds + Int64(seconds)))
            if isRead {
                #expect(throws: Never.self) { try read(text, at: time) }
            } else {
                #expect(throws: TokenError.time) { try read(text, at: time) }
            }
        }
    }

    @Test("is refused with duplicate claims, another profile, another form, and claims of another kind")
    func claims() throws {
        let honest = try token().split(separator: ".").map(String.init)
        let payload = String(decoding: try #require(Base64.urlUnpadded.decode(honest[1])), as: UTF8.self)
        let duplicates = [
            #"{"aud":"other.example","#, #"{"exp":9999999999,"#, #"{"eat_profile":"x","#,
        ].map { $0 + payload.dropFirst() }
        let changes = [
            payload.replacing("rats/ear#04", with: "rats/ear#03"), payload.replacing(#""iat":"#, with: #""iat":1."#),
            payload.replacing("sev-snp", with: "tdx"),
            payload.replacing(#""siem.example""#, with: #"["siem.example"]"#),
            "[]", "{}", "null", "",
        ]
        let large = String(repeating: "A", count: AppraisalToken.maximumByteCount)
        #expect(throws: TokenError.form) { try read("\(honest[0]).\(large).\(honest[2])") }
        for text in duplicates + changes {
            #expect(throws: TokenError.self) { try read(forged(header: header(), payload: text)) }
        }
        let text = honest.joined(separator: ".")
        for form in [text + "=", text + "\n", " " + text, text + ".x", honest[0] + "." + honest[1], "", "..", "a.b.c"] {
            #expect(throws: TokenError.self) { try read(form) }
        }
    }

    // MARK: - Another reader

    /// PyJWT, with Ed25519 of the package ecdsa: neither shares a line with this project.
    private static let reader = #"""
        import json, jwt, ecdsa
        from jwt.algorithms import Algorithm
        class EdDSA(Algorithm):
            def prepare_key(self, key): return key
            def sign(self, msg, key): raise NotImplementedError
            def verify(self, msg, key, sig):
                try:
                    return ecdsa.VerifyingKey.from_string(key, curve=ecdsa.Ed25519).verify(sig, msg)
                except Exception: return False
            @staticmethod
            def to_jwk(key, as_dict=False): raise NotImplementedError
            @staticmethod
            def from_jwk(jwk): raise NotImplementedError
        try: jwt.unregister_algorithm("EdDSA")
        except Exception: pass
        jwt.register_algorithm("EdDSA", EdDSA())
        for line in sys.stdin:
            key, token = line.split()
            try:
                claims = jwt.decode(token, bytes.fromhex(key), algorithms=["EdDSA"], audience="siem.example",
                    options={"verify_exp": False, "verify_iat": False, "require": ["iat", "eat_profile"]})
                machine = claims["submods"]["sev-snp"]
                print(machine["ear_status"], json.dumps(machine["ear_trustworthiness_vector"], sort_keys=True))
            except jwt.PyJWTError as error:
                print("refused", type(error).__name__)
        """#

    @Test("is read by PyJWT as it is here, and refused by it where the algorithm, the key or the audience is another's")
    func foreignReader() throws {
        let key = Self.key.publicKey.rawRepresentation.bytes.hex
        let tokens = [
            try token(), try token { $0.report.set(0x90, [0]) }, try forged(header: header("none"), by: nil),
            try forged(header: header("HS256")), try forged(header: header(), by: Self.other),
            try token { _ in
            } _: {
                $0.audience = "other.example"
            },
            try token { _ in
            } _: {
                $0.audience = nil
            },
        ]
        let lines = try ForeignProgram.python(
            Self.reader, reading: tokens.map { "\(key) \($0)\n" }.joined())
        try #require(lines.count == tokens.count)
        #expect(
            lines[0] == #"affirming {"configuration": 2, "executables": 2, "hardware": 2, "instance-identity": 2}"#)
        #expect(lines[1].hasPrefix("contraindicated "))
        #expect(lines[2...].allSatisfy { $0.hasPrefix("refused ") })
    }
}

@Suite("Evidence as a conceptual message")
struct ConceptualMessageTests {
    @Test("is what it was after it was wrapped, as JSON and as CBOR")
    func roundTrip() throws {
        let bundle = try SessionScenario().bundle
        for bytes in [ConceptualMessage.json(bundle), ConceptualMessage.cbor(bundle)] {
            #expect(ConceptualMessage.isRecord(bytes) && !ConceptualMessage.isRecord(bundle.encoded))
            #expect(bytes.count <= ConceptualMessage.maximumByteCount)
            #expect(try EvidenceBundle(decoding: ConceptualMessage.content(of: bytes)) == bundle)
        }
    }

    @Test("is refused with another type, indicator or form, and where anything follows or is cut off")
    func refusals() throws {
        let bundle = try SessionScenario().bundle
        let json = String(decoding: ConceptualMessage.json(bundle), as: UTF8.self)
        for text in [
            json.replacing("evidence+json", with: "manifest+json"), json.replacing(",6]", with: ",4]"),
            json.replacing(",6]", with: ",6,6]"), json.replacing(",6]", with: "=\",6]"), json + "x", "[]", "[1]",
            #"["application/vnd.2cvm.evidence+json"]"#, #"["application/vnd.2cvm.evidence+json",1]"#, "[",
        ] {
            #expect(throws: EvidenceFileError.self) { try ConceptualMessage.content(of: Array(text.utf8)) }
        }
        let cbor = ConceptualMessage.cbor(bundle)
        var wrong: [[UInt8]] = [
            cbor + [0], Array(cbor.dropLast()), Array(cbor.dropLast(2)), [0x83], [0x82], [0x84] + cbor.dropFirst(),
            // A length in two bytes that fits into one, and one that is cut off.
            [0x83, 0x79, 0] + cbor.dropFirst(2), [0x83, 0x79, 0],
        ]
        for change in [(1, UInt8(0x58)), (cbor.count - 1, UInt8(4)), (5, UInt8(0x5A)), (38, UInt8(0x7A))] {
            var bytes = cbor
            bytes[change.0] = change.1
            wrong.append(bytes)
        }
        for bytes in wrong { #expect(throws: EvidenceFileError.self) { try ConceptualMessage.content(of: bytes) } }
        let large = [0x83] + [UInt8](repeating: 0, count: ConceptualMessage.maximumByteCount)
        #expect(throws: EvidenceFileError.message("it is too large")) { try ConceptualMessage.content(of: large) }
        // Lengths that promise more than there is.
        let heads: [[UInt8]] = [
            [0x83, 0x7B] + [UInt8](repeating: 0xFF, count: 8), [0x83, 0x7A, 0xFF, 0xFF, 0xFF, 0xFF], [0x83, 0x7F],
        ]
        for head in heads {
            #expect(throws: EvidenceFileError.self) { try ConceptualMessage.content(of: head) }
        }
    }

    @Test("is read by cbor2 and by Python's JSON as type, value and indicator")
    func foreignReader() throws {
        let bundle = try SessionScenario().bundle
        let program = #"""
            import base64, cbor2, json
            lines = [bytes.fromhex(line.strip()) for line in sys.stdin]
            kind, value, indicator = json.loads(lines[0])
            print(kind, base64.urlsafe_b64decode(value + "=" * (-len(value) % 4)).hex(), indicator)
            kind, value, indicator = cbor2.loads(lines[1])
            print(kind, value.hex(), indicator)
            print(cbor2.dumps([kind, value, indicator], canonical=True) == lines[1])
            """#
        let input = [ConceptualMessage.json(bundle), ConceptualMessage.cbor(bundle)].map { $0.hex + "\n" }.joined()
        let lines = try ForeignProgram.python(program, reading: input)
        let expected = "\(EvidenceBundle.mediaType) \(bundle.encoded.hex) 6"
        #expect(lines == [expected, expected, "True"])
    }
}
