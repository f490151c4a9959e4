// A software SEV-SNP platform with a root of its own.
