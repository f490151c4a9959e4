package import Commitments
package import Primitives

/// `NAME=FILE`, or `NAME` for data that is made up.
package struct StandInArgument: Sendable {
    package let name: String
    package let file: String?

    package init?(argument: String) {
        guard let equals = argument.firstIndex(of: "=") else {
            (name, file) = (argument, nil)
            return
        }
        guard let assignment = Assignment(argument: argument), equals != argument.startIndex else { return nil }
        (name, file) = (assignment.name, assignment.value)
    }
}

/// `NAME=VALUE` of an option that can be given for each component or each entry of data.
package struct Assignment: Sendable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    package init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else { return nil }
        name = String(argument[..<equals])
        value = String(argument[argument.index(after: equals)...])
        guard !value.isEmpty else { return nil }
    }

    /// One value for each of `names`: none missing, none twice, none besides.
    package static func complete(
        _ assignments: [Assignment], for names: [Name], option: String
    ) throws(CommandFailure) -> [(name: Name, value: String)] {
        let values = try unique(assignments, among: names, option: option)
        return try names.map { name throws(CommandFailure) in
            guard let value = values[name] else { throw CommandFailure(RunError.missing(name, option)) }
            return (name, value)
        }
    }

    /// At most one value for each of `names`.
    package static func unique(
        _ assignments: [Assignment], among names: [Name], option: String
    ) throws(CommandFailure) -> [Name: String] {
        var values: [Name: String] = [:]
        for assignment in assignments {
            guard let name = names.first(where: { $0.description == assignment.name }) else {
                throw CommandFailure(RunError.unknown(assignment.name, option, names))
            }
            guard values.updateValue(assignment.value, forKey: name) == nil else {
                throw CommandFailure(RunError.twice(name, option))
            }
        }
        return values
    }

    /// The salts that were given, each for an entry of the manifest's data.
    package static func salts(
        _ assignments: [Assignment], for manifest: Manifest
    ) throws(CommandFailure) -> [Name: FixedBytes<32>] {
        var salts: [Name: FixedBytes<32>] = [:]
        for (name, text) in try unique(assignments, among: manifest.data.map(\.name), option: "--salt") {
            guard let salt = FixedBytes<32>(hex: text) else { throw CommandFailure(RunError.saltForm(name)) }
            salts[name] = salt
        }
        return salts
    }
}
