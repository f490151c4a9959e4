import Primitives
import Simulation
import Testing

@Suite("The simulation's keys")
struct SimulationKeysTests {
    private func text() throws -> String {
        String(decoding: try Rehearsal.keys.get().encoded, as: UTF8.self)
    }

    private func error(_ text: String) -> SimulationError? {
        do throws(SimulationError) {
            _ = try SimulationKeys(decoding: Array(text.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test("read back as they were written, with the same root")
    func roundTrip() throws {
        let keys = try Rehearsal.keys.get()
        let copy = try SimulationKeys(decoding: keys.encoded)
        #expect(copy.rootDigest == keys.rootDigest)
        #expect(copy.encoded == keys.encoded)
        #expect(keys.encoded.count < SimulationKeys.maximumByteCount)
    }

    @Test("are refused as anything but their JSON", arguments: ["", "{", "[]", "null", "{}", "{\"version\": 1}"])
    func refusesOtherText(_ text: String) {
        #expect(error(text) != nil)
    }

    @Test("are refused with another version, kind or key")
    func refusesOtherValues() throws {
        let text = try text()
        for (old, new) in [
            ("\"version\": 1", "\"version\": 2"), ("\"version\": 1", "\"version\": 1, \"version\": 1"),
            ("\"version\": 1", "\"version\": 1, \"more\": 1"), ("simulation keys", "simulation kevs"),
            ("\"rootKey\": \"", "\"rootKey\": \" "), ("\"rootKey\": \"M", "\"rootKey\": \"N"),
            ("\"intermediateKey\": \"M", "\"intermediateKey\": \"N"), ("rootKey", "rootkey"),
        ] {
            #expect(text.contains(old))
            #expect(error(text.replacing(old, with: new, maxReplacements: 1)) != nil, "\(new)")
        }
    }

    @Test("say nothing of a key that they refuse")
    func saysNothing() throws {
        let text = try text().replacing("\"endorsementKey\": \"", with: "\"endorsementKey\": \"AAAA")
        #expect(error(text) == .wrongKey("endorsementKey"))
        #expect(error(String(repeating: " ", count: 32_769)) != nil)
    }

    @Test("are drawn anew each time")
    func fresh() throws {
        #expect(try SimulationKeys().rootDigest != Rehearsal.keys.get().rootDigest)
    }
}
