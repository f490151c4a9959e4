public import Formats
public import Primitives

extension Manifest {
    /// The keys of noise in one run, for each output that has some.
    ///
    /// - Parameters:
    ///   - slots: of all data. Where one is missing there is no key, and without its key a gate releases nothing.
    ///   - run: its number, from 1 on.
    public func noiseKeys(of slots: [Name: NoiseSource.Slot], run: Int) -> [Name: FixedBytes<32>] {
        let known = data.compactMap { slots[$0.name] }
        guard known.count == data.count, let source = NoiseSource(manifest: digest, slots: known) else { return [:] }
        var keys: [Name: FixedBytes<32>] = [:]
        for output in outputs where !output.gate.rules.noise.isEmpty {
            keys[output.name] = source.key(ofOutput: output.name.description, run: UInt64(run))
        }
        return keys
    }
}
