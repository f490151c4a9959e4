package import ArgumentParser
package import Commitments
import Composition
import Platform
import Primitives
package import Workbench

/// Components at hand, held against the manifest as a session will.
package struct ComponentOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A component's file.", valueName: "name=file"), completion: .file())
    package var component: [Assignment] = []

    package init() {}

    /// The files by name.
    package func files(under manifest: Manifest) throws(CommandFailure) -> [Name: String] {
        try Assignment.unique(component, among: manifest.components.map(\.name), option: "--component")
    }

    /// Refuses what a session of the manifest would refuse, once everyone had signed and some had submitted.
    ///
    /// - Returns: the components that fit, in the manifest's order.
    package func admit(under manifest: Manifest) throws(CommandFailure) -> [Name] {
        let files = try files(under: manifest)
        var admitted: [AdmittedComponent] = []
        for component in manifest.components {
            guard let path = files[component.name] else { continue }
            admitted.append(try ComponentFile(path, of: component).admitted(under: manifest))
        }
        // Whether they fit each other shows only when all of them are there.
        if admitted.count == manifest.components.count { _ = try composed(manifest, of: admitted) }
        return admitted.map(\.component.name)
    }
}
