// A software SEV-SNP platform with a root of its own. It protects nothing: whoever has its keys can
// sign any report. It exists so that rehearsals and tests run the same verifier as production.
//
// No production executable links it, and its evidence counts only where the manifest says `simulated`
// and the verifier names its root.
