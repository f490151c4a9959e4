import Commitments
import Formats
import Primitives
import TestSupport
import Testing

@Suite("Keys of noise")
struct NoiseKeyTests {
    private func slots(_ manifest: Manifest, salt: UInt8 = 1) -> [Name: NoiseSource.Slot] {
        let slot = NoiseSource.Slot(salt: FixedBytes(repeating: salt), commitment: FixedBytes(repeating: 2))
        return manifest.data.reduce(into: [:]) { $0[$1.name] = slot }
    }

    @Test("are made for outputs with noise alone, and the same for the same manifest and data")
    func same() throws {
        let manifest = try ManifestExample.manifest(FullManifest.value)
        let keys = manifest.noiseKeys(of: slots(manifest), run: 1)
        #expect(keys.keys.map(\.description) == ["by-region"])
        #expect(manifest.noiseKeys(of: slots(manifest), run: 1) == keys)
        #expect(manifest.noiseKeys(of: slots(manifest, salt: 9), run: 1) != keys)
        let other = try ManifestExample.manifest(FullManifest.value.setting("purpose", to: "Another question."))
        #expect(other.noiseKeys(of: slots(other), run: 1) != keys)
    }

    @Test("are not made where a slot is missing")
    func missing() throws {
        let manifest = try ManifestExample.manifest(FullManifest.value)
        var fewer = slots(manifest)
        fewer[manifest.data[0].name] = nil
        #expect(manifest.noiseKeys(of: fewer, run: 1).isEmpty)
    }
}
