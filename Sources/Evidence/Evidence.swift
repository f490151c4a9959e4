// From an attestation report to its appraisal. No file, clock or network.
