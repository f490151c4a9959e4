/// What a processor must have, so that machine code that was made elsewhere runs on it.
package enum ProcessorLevel {
    /// The level x86-64-v3 as Cranelift names it (psABI, "Micro-architecture levels"). Every processor with SEV-SNP has
    /// it.
    package static let x86v3 = [
        "has_sse3", "has_ssse3", "has_sse41", "has_sse42", "has_popcnt", "has_cmpxchg16b", "has_avx", "has_avx2",
        "has_fma", "has_bmi1", "has_bmi2", "has_lzcnt",
    ]
    package static let target = "x86_64-unknown-linux-gnu"
}
