// Each kind of channel by itself, in the manifest's order.
extension Manifest {
    package var links: [Link] {
        channels.compactMap { if case .link(let link) = $0 { link } else { nil } }
    }

    package var mounts: [Mount] {
        channels.compactMap { if case .mount(let mount) = $0 { mount } else { nil } }
    }

    package var releases: [Release] {
        channels.compactMap { if case .release(let release) = $0 { release } else { nil } }
    }

    package var logs: [LogChannel] {
        channels.compactMap { if case .log(let log) = $0 { log } else { nil } }
    }
}
