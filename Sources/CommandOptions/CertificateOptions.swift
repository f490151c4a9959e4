import ArgumentParser
import Commitments
package import Workbench

/// Where the certificates of a report may come from.
package struct CertificateOptions: ParsableArguments {
    @Option(
        help: "Milan, Genoa or Turin, for a report of version 2, which does not say.",
        completion: .list(SEVProduct.allCases.map(\.rawValue)), transform: productArgument)
    var product: SEVProduct?

    @Option(
        help: "The certificate of a cloud provider's key (VLEK), which AMD gives to the provider alone.",
        completion: .file())
    var certificate: String?

    @Flag(help: "Fetch nothing; take what was fetched or put there before.")
    var offline = false

    package init() {}

    package var given: [GivenOption] {
        [
            product.map { GivenOption("--product", $0.rawValue) },
            certificate.map { GivenOption("--certificate", $0) },
            offline ? GivenOption("--offline") : nil,
        ].compactMap { $0 }
    }

    package func source(refreshesList: Bool) -> CertificateSource {
        CertificateSource(
            product: product, providerCertificate: certificate, isOffline: offline, refreshesList: refreshesList)
    }
}

private func productArgument(_ text: String) throws(ValidationError) -> SEVProduct {
    guard let product = SEVProduct(rawValue: text) else {
        throw ValidationError("expected Milan, Genoa or Turin, found \"\(text)\"")
    }
    return product
}

/// An option that somebody gave, and that says something else than silence does.
package struct GivenOption {
    /// As another process's arguments.
    package let words: [String]
    package var name: String { words[0] }

    package init(_ words: String...) { self.words = words }
}
