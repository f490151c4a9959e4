package import Commitments
package import Execution
internal import Primitives

/// What a question over data is written in: which runtime runs it, and where that finds it and leaves its result.
package enum QuestionLanguage {
    /// The component that runs SQL, in a file.
    case sql(runtime: String)
    /// An installed runtime, which nobody has to bring.
    case python(InstalledRuntime)

    /// The component's name in a draft.
    package var component: String {
        switch self {
        case .sql: "sql"
        case .python: "python"
        }
    }

    /// The question's name among the data.
    package var entry: String {
        switch self {
        case .sql: "query"
        case .python: "script"
        }
    }

    /// What it is to people.
    package var noun: String { entry }

    /// How its files end.
    package var ending: String {
        switch self {
        case .sql: ".sql"
        case .python: ".py"
        }
    }

    /// Where the runtime finds it.
    package func source(named stem: String) -> String {
        switch self {
        case .sql: "/code/\(stem).sql"
        case .python: "/code/main.py"
        }
    }

    /// Where its result comes from.
    package func result(of stem: String, for output: Name) -> String {
        switch self {
        case .sql: "/output/\(stem).csv"
        case .python: "/output/\(output).csv"
        }
    }

    /// What a question over that much data needs, in MiB. Tables and what sorting them takes lie in memory: some three
    /// times their text in SQL, more as pandas has it, and as much again to be safe.
    package func memoryMiB(reading bytes: Int) -> Int {
        switch self {
        case .sql: min(4096, 64 + ((bytes * 6) >> 20))
        case .python: min(4096, 768 + ((bytes * 12) >> 20))
        }
    }

    /// Seconds to compile, where no option says it: a machine without the runtime's machine code compiles it whole.
    package var compileSeconds: Int {
        switch self {
        case .sql: 60
        case .python: 600
        }
    }

    /// Gives a draft the runtime as its component.
    package func bring(to draft: Draft, of provider: String) throws(CommandFailure) -> Draft {
        switch self {
        case .sql(let runtime): return try draft.bringing(components: ["\(component):\(provider)=\(runtime)"])
        case .python(let runtime):
            guard let name = Name(component) else { preconditionFailure("a constant that is a name") }
            return try draft.bringing(runtime, as: name, of: provider)
        }
    }

    /// What the runtime needs besides memory: repeatable randomness, which a result should not depend on, and a folder
    /// for temporary files, without which libraries complain.
    package func grant(_ grants: inout DraftGrants) {
        guard case .python = self else { return }
        grants.randomness.merge([component: "repeatable"]) { given, _ in given }
        grants.temporary.merge([component: 64]) { given, _ in given }
    }

    /// What is installed here and need not be named.
    package func installed(for manifest: Manifest) -> [Name: InstalledRuntime] {
        guard case .python(let runtime) = self, let name = manifest.components.first?.name else { return [:] }
        return [name: runtime]
    }
}
