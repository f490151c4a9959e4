internal import Formats
package import Primitives

/// The rules between a manifest's entries. The first broken one is thrown, with the path of the
/// value that breaks it.
package struct ManifestRules {
    private let manifest: Manifest
    /// The names of the sessions of the plan; none without one.
    private let sessions: Set<Name>
    private let participants: Set<Name>
    private let components: Set<Name>
    private let data: Set<Name>
    private let outputs: Set<Name>

    init(_ manifest: Manifest, sessions: Set<Name>) {
        self.manifest = manifest
        self.sessions = sessions
        participants = Set(manifest.participants.map(\.name))
        components = Set(manifest.components.map(\.name))
        data = Set(manifest.data.map(\.name))
        outputs = Set(manifest.outputs.map(\.name))
    }

    func enforce() throws(ManifestError) {
        try namesAreUnique()
        // A plan's participants and platforms are held against these rules once, with the plan.
        if manifest.plan == nil { try Self.requireKeysApart(manifest.participants, at(.participants, nil)) }
        try ownersExist()
        try importsAreDecided()
        try channelsResolve()
        try pathsAreApart()
        try formatsHaveTheirPlaces()
        try importsAreMetOnce()
        try outputsLeaveOnce()
        try Self.require(components.contains(manifest.run.component), at(.run, nil, "component")) {
            .unknown(.component, manifest.run.component)
        }
        try LinkOrder(manifest).enforce()
        try everythingIsUsed()
        try formatsFit()
        try questionsAreAsked()
        if manifest.plan == nil {
            try Self.requireAgreement(of: manifest.platform, at(.platform, nil))
        } else {
            try runsOnce()
        }
    }

    // MARK: - Entries

    private func namesAreUnique() throws(ManifestError) {
        var seen = sessions
        let lists: [(Key, [Name])] = [
            (.participants, manifest.participants.map(\.name)), (.components, manifest.components.map(\.name)),
            (.data, manifest.data.map(\.name)), (.outputs, manifest.outputs.map(\.name)),
        ]
        for (key, names) in lists {
            for (index, name) in names.enumerated() {
                try Self.require(seen.insert(name).inserted, at(key, index, "name")) { .nameRepeated(name) }
            }
        }
    }

    /// No two participants share a key.
    package static func requireKeysApart(
        _ participants: [Participant], _ path: JSONPath
    ) throws(ManifestError) {
        for (index, participant) in participants.enumerated() {
            let entry = path.appending(index)
            for other in participants.prefix(index) {
                try require(other.signingKey != participant.signingKey, entry.appending("signingKey")) {
                    .keyRepeated(by: other.name)
                }
                try require(other.sealingKey != participant.sealingKey, entry.appending("sealingKey")) {
                    .keyRepeated(by: other.name)
                }
            }
        }
    }

    private func ownersExist() throws(ManifestError) {
        for (index, component) in manifest.components.enumerated() {
            try known(component.provider, .participant, at(.components, index, "provider"))
        }
        for (index, entry) in manifest.data.enumerated() {
            try known(entry.provider, at(.data, index, "provider"))
            try approversExist(entry.approval, at(.data, index, "approval"))
        }
        for (index, output) in manifest.outputs.enumerated() {
            for (position, recipient) in output.recipients.enumerated() {
                try known(recipient, at(.outputs, index, "recipients").appending(position))
            }
            try approversExist(output.approval, at(.outputs, index, "approval"))
        }
    }

    private func approversExist(_ approval: Approval?, _ path: JSONPath) throws(ManifestError) {
        for (position, name) in (approval?.approvers ?? []).enumerated() {
            try known(name, .participant, path.appending("by").appending(position))
        }
    }

    private func importsAreDecided() throws(ManifestError) {
        for (index, component) in manifest.components.enumerated() {
            for (position, name) in component.imports.enumerated() {
                try Self.require(name.package != "wasi:http", at(.components, index, "imports").appending(position)) {
                    .httpImport(name)
                }
            }
            let importsRandomness = component.imports.contains { $0.package == "wasi:random" }
            let path = at(.components, index, "randomness")
            try Self.require(!importsRandomness || component.randomness != nil, path) {
                .randomnessUndecided(component.name)
            }
            try Self.require(importsRandomness || component.randomness == nil, path) {
                .randomnessUnneeded(component.name)
            }
        }
    }

    // MARK: - Channels

    private func channelsResolve() throws(ManifestError) {
        let temporary = Set(manifest.components.filter { $0.temporaryMiB != nil }.map(\.name))
        for (index, channel) in manifest.channels.enumerated() {
            switch channel {
            case .mount(let mount):
                try known(mount.data, .data, at(.channels, index, "mount"))
                try known(mount.component, .component, at(.channels, index, "component"))
                try Self.require(mount.path.segments[0] != "output", at(.channels, index, "path")) {
                    .mountAmongOutputs
                }
                let isTemporary = mount.path.segments[0] == "tmp" && temporary.contains(mount.component)
                try Self.require(!isTemporary, at(.channels, index, "path")) {
                    .mountAmongTemporaryFiles(component: mount.component)
                }
            case .link(let link):
                try known(link.importer, .component, at(.channels, index, "importer"))
                try known(link.exporter, .component, at(.channels, index, "exporter"))
            case .release(let release):
                try known(release.output, .output, at(.channels, index, "release"))
                try known(release.component, .component, at(.channels, index, "component"))
                let segments = release.path.segments
                try Self.require(segments[0] == "output" && segments.count > 1, at(.channels, index, "path")) {
                    .releaseOutsideOutputs
                }
            case .log(let log):
                try known(log.output, .output, at(.channels, index, "log"))
                try known(log.component, .component, at(.channels, index, "component"))
            }
        }
    }

    private func pathsAreApart() throws(ManifestError) {
        var paths: [Name: [GuestPath]] = [:]
        for (index, channel) in manifest.channels.enumerated() {
            let place: (component: Name, path: GuestPath)
            switch channel {
            case .mount(let mount): place = (mount.component, mount.path)
            case .release(let release): place = (release.component, release.path)
            case .link, .log: continue
            }
            if let other = paths[place.component]?.first(where: place.path.overlaps) {
                throw .rule(.pathsOverlap(other, component: place.component), at: at(.channels, index, "path"))
            }
            paths[place.component, default: []].append(place.path)
        }
    }

    /// Beside each table lies its format, which no mount may hide or replace.
    private func formatsHaveTheirPlaces() throws(ManifestError) {
        let tables = Set(manifest.data.filter { $0.tableFormat != nil }.map(\.name))
        var taken: [Name: [String: Name]] = [:]
        for mount in manifest.mounts where tables.contains(mount.data) {
            taken[mount.component, default: [:]][mount.formatPath] = mount.data
        }
        for (index, channel) in manifest.channels.enumerated() {
            guard case .mount(let mount) = channel, let places = taken[mount.component] else { continue }
            var path = ""
            for segment in mount.path.segments {
                path += "/" + segment
                if let data = places[path] {
                    throw .rule(.mountAtFormat(of: data, component: mount.component), at: at(.channels, index, "path"))
                }
            }
        }
    }

    private func importsAreMetOnce() throws(ManifestError) {
        var met: [Name: Set<String>] = [:]
        for component in manifest.components {
            met[component.name] = Set(component.imports.map(\.description))
        }
        for (index, channel) in manifest.channels.enumerated() {
            guard case .link(let link) = channel else { continue }
            let isNew = met[link.importer, default: []].insert(link.importName).inserted
            try Self.require(isNew, at(.channels, index, "link")) {
                .importMetTwice(link.importName, component: link.importer)
            }
        }
    }

    private func outputsLeaveOnce() throws(ManifestError) {
        var left: Set<Name> = []
        var streams: [Name: Set<LogChannel.Stream>] = [:]
        for (index, channel) in manifest.channels.enumerated() {
            switch channel {
            case .mount, .link: continue
            case .release(let release):
                try Self.require(left.insert(release.output).inserted, at(.channels, index, "release")) {
                    .outputLeavesTwice(release.output)
                }
            case .log(let log):
                try Self.require(left.insert(log.output).inserted, at(.channels, index, "log")) {
                    .outputLeavesTwice(log.output)
                }
                let isNew = streams[log.component, default: []].insert(log.stream).inserted
                try Self.require(isNew, at(.channels, index, "stream")) {
                    .streamLoggedTwice(component: log.component)
                }
            }
        }
        for (index, output) in manifest.outputs.enumerated() {
            try Self.require(left.contains(output.name), at(.outputs, index)) { .outputNeverLeaves(output.name) }
        }
    }

    private func everythingIsUsed() throws(ManifestError) {
        let mounted = Set(
            manifest.channels.compactMap { channel -> Name? in
                guard case .mount(let mount) = channel else { return nil }
                return mount.data
            })
        for (index, entry) in manifest.data.enumerated() {
            try Self.require(mounted.contains(entry.name), at(.data, index)) { .dataUnused(entry.name) }
        }
        let running = LinkOrder(manifest).reachable(from: manifest.run.component)
        for (index, component) in manifest.components.enumerated() {
            try Self.require(running.contains(component.name), at(.components, index)) {
                .componentUnused(component.name)
            }
        }
    }

    // MARK: - Runs

    private func questionsAreAsked() throws(ManifestError) {
        try Self.require(manifest.limits.runs == 1 || !manifest.questions.isEmpty, at(.limits, nil, "runs")) {
            .runsWithoutQuestions
        }
        for (index, entry) in manifest.data.enumerated() {
            if entry.period == .run {
                try Self.require(entry.commitment == .any, at(.data, index, "commitment")) {
                    .questionPinned(entry.name)
                }
            }
            guard entry.approval != nil else { continue }
            let path = at(.data, index, "approval")
            try Self.require(entry.period == .run, path) { .approvalOfWholeSession(entry.name) }
            try Self.require(entry.isReviewable, path) { .approvalWithoutText(entry.name) }
        }
    }

    /// In a plan a session has one run, whose inputs are known before it begins.
    private func runsOnce() throws(ManifestError) {
        try Self.require(manifest.limits.runs == 1, at(.limits, nil, "runs")) { .runsInPlan }
        for (index, entry) in manifest.data.enumerated() {
            try Self.require(entry.period == .session, at(.data, index, "per")) { .questionInPlan(entry.name) }
            guard case .session(let session) = entry.provider else { continue }
            try Self.require(entry.commitment == .any, at(.data, index, "commitment")) {
                .resultPinned(entry.name, of: session)
            }
        }
    }

    // MARK: - Formats

    private func formatsFit() throws(ManifestError) {
        let logs = Set(manifest.logs.map(\.output))
        for (index, output) in manifest.outputs.enumerated() {
            switch output.gate.format {
            case .any, .text: break
            case .csv, .json:
                try Self.require(!logs.contains(output.name), at(.outputs, index, "format")) {
                    .logFormat(output.name)
                }
            }
            try Self.require(
                output.gate.rules.noise.isEmpty || !manifest.data.isEmpty, at(.outputs, index, "noise")
            ) { .noiseWithoutData(output.name) }
        }
    }

    // MARK: - Platform

    /// What a platform demands agrees with itself.
    package static func requireAgreement(
        of requirements: PlatformRequirements, _ path: JSONPath
    ) throws(ManifestError) {
        guard case .sevSNP(let platform) = requirements else { return }
        if case .listed(let chips, let providers) = platform.chips {
            let pairs = [("vcek", !chips.isEmpty), ("vlek", !providers.isEmpty)]
            for (key, isListed) in pairs {
                let isAccepted = platform.signingKeys.contains { $0.rawValue == key }
                try require(isAccepted || !isListed, path.appending("chips")) { .chipsWithoutKey(key) }
                try require(isListed || !isAccepted, path.appending("chips")) { .keyWithoutChips(key) }
            }
        }
        if case .value = platform.mitigations {
            try require(platform.reportVersion >= 5, path.appending("mitigations")) { .mitigationsNeedVersion5 }
        }
    }

    // MARK: - Places

    private enum Key: String {
        case participants, components, data, outputs, channels, run, limits, platform
    }

    private func at(_ key: Key, _ index: Int?, _ member: String? = nil) -> JSONPath {
        var path = JSONPath.root.appending(key.rawValue)
        if let index { path = path.appending(index) }
        if let member { path = path.appending(member) }
        return path
    }

    private func known(_ name: Name, _ entry: ManifestRule.Entry, _ path: JSONPath) throws(ManifestError) {
        let names =
            switch entry {
            case .participant: participants
            case .component: components
            case .data: data
            case .output: outputs
            case .session: sessions
            }
        try Self.require(names.contains(name), path) { .unknown(entry, name) }
    }

    private func known(_ end: End, _ path: JSONPath) throws(ManifestError) {
        switch end {
        case .participant(let name): try known(name, .participant, path)
        case .session(let name): try known(name, .session, path.appending("session"))
        }
    }

    static func require(
        _ holds: Bool, _ path: @autoclosure () -> JSONPath, _ rule: () -> ManifestRule
    ) throws(ManifestError) {
        guard holds else { throw .rule(rule(), at: path()) }
    }
}
