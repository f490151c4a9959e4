internal import Commitments

/// Which of an exporter's versions of one interface an import is given.
///
/// Semantic versioning decides, as it does for the host's interfaces (``ExternName/serves(_:)``). Where two ends have
/// different names, or one of them no version, there is nothing to compare, and the exporter must have one alone.
struct LinkedVersion {
    let importer: Name
    /// The import by its own name, or by the interface that it says it implements.
    let wanted: ExternName
    let exporter: Name

    init(of entry: ComponentBinary.Import, importedBy importer: Name, from exporter: Name) {
        self.importer = importer
        self.exporter = exporter
        wanted = entry.implemented ?? entry.name
    }

    /// Chooses among exports of one interface: the version that was asked for, else the newest compatible one.
    func choose(among found: [ExternName]) throws(CompositionError) -> ExternName? {
        guard let first = found.first else { return nil }
        guard wanted.version != nil, wanted.base == first.base, found.count > 1 || first.version != nil else {
            guard found.count == 1 else {
                throw .versionUnstated(importer: importer, exporter: exporter, found: found)
            }
            return first
        }
        if let same = found.first(where: { $0.version == wanted.version }) { return same }
        var newest: ExternName?
        for name in found where name.serves(wanted) {
            if newest.map({ name.isNewer(than: $0) }) ?? true { newest = name }
        }
        guard let newest else {
            throw .versionsDiffer(importer: importer, wanted, exporter: exporter, found: found)
        }
        return newest
    }
}
