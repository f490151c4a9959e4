import ArgumentParser
import CommandOptions
import Commitments
import Platform
import Primitives
import Workbench

/// `manifest new --sql` and `--python`: a whole draft from a query or a script.
struct QueryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A query: the draft is then written for it. --data is NAME=FILE:PROVIDER, where the file is the data (a "
                + "table in CSV, or a database of SQLite), or a format if you do not have the data. --output is "
                + "NAME:RECIPIENT,RECIPIENT.", valueName: "file"), completion: .file(extensions: ["sql"]))
    var sql: String?

    @Option(
        help: ArgumentHelp(
            "A script with pandas, scipy or scikit-learn: as --sql, for the installed runtime python. It finds data at "
                + "/data/NAME.csv, and writes its result to /output/NAME.csv.", valueName: "file"),
        completion: .file(extensions: ["py"]))
    var python: String?

    @Option(
        help: ArgumentHelp(
            "Who brings the query and its runtime. Without it: the first recipient.", valueName: "participant"))
    var by: String?

    @Option(
        help: ArgumentHelp(
            "The component that runs queries. Without it: the one that was installed with 2cvm.", valueName: "file"),
        completion: .file(extensions: ["wasm"]))
    var runtime: String?

    /// The query or script.
    var file: String? { sql ?? python }

    /// The option that named it.
    var flag: String { python == nil ? "--sql" : "--python" }

    /// What it is written in, with the runtime of that.
    func language() throws(CommandFailure) -> QuestionLanguage {
        guard python != nil else { return .sql(runtime: try Shared.runtime(runtime)) }
        guard let installed = try RuntimeShelf().newest(named: "python") else {
            throw CommandFailure(RuntimeFailure.noRuntime("python"))
        }
        return .python(installed)
    }

    /// Refuses options that say once more what the draft has from the query, and those that say nothing without one.
    func requireAlone(_ parts: PartOptions, _ flows: FlowOptions) throws(CommandFailure) {
        guard file != nil else {
            for (option, value) in [("--by", by), ("--runtime", runtime)] {
                if let value { throw malformed(value, "\(option) beside --sql") }
            }
            return
        }
        if let python {
            if sql != nil { throw malformed(python, "either --sql or --python") }
            if let runtime { throw malformed(runtime, "no --runtime beside --python: it takes what is installed") }
        }
        let others: [(String, String?)] = [
            ("--component", parts.component.first), ("--output-to", parts.outputTo.first),
            ("--mount", flows.mount.first), ("--link", flows.link.first), ("--release", flows.release.first),
            ("--log", flows.log.first), ("--run", flows.run),
        ]
        for (option, value) in others {
            if let value { throw malformed(value, "no \(option) beside \(flag), which writes it") }
        }
    }
}

/// What was installed beside the programs, or built in a checkout.
enum Shared {
    /// The first of these that is there. A checkout's programs lie in `.build/TRIPLE/release`.
    static func path(of installed: String, orBuilt built: String) throws(CommandFailure) -> String? {
        let program: String
        do {
            program = try Program.path()
        } catch {
            throw CommandFailure(error)
        }
        let folders = program.split(separator: "/", omittingEmptySubsequences: false).dropLast()
        let candidates = [
            folders.dropLast().joined(separator: "/") + "/share/2cvm/" + installed,
            folders.dropLast(3).joined(separator: "/") + "/" + built,
        ]
        return candidates.first(where: NamedFile.exists)
    }

    /// The component that runs queries.
    static func runtime(_ given: String?) throws(CommandFailure) -> String {
        if let given { return given }
        guard let path = try path(of: "runtimes/sql.wasm", orBuilt: ".build/runtimes/sql.wasm") else {
            throw CommandFailure(QueryError.noRuntime)
        }
        return path
    }
}

/// What is wrong with a query, or what it is to read.
enum QueryError: Error, Equatable {
    case noRuntime
    case noParticipant(Name)
    case empty(String)
    case formKind(String)
    case notTable(Name)
    case undescribed(Name)
}

extension QueryError: CommandFault {
    var status: ExitStatus {
        switch self {
        case .noRuntime, .noParticipant: .unavailable
        case .empty, .formKind, .notTable: .refused
        case .undescribed: .usage
        }
    }

    var code: String {
        switch self {
        case .noRuntime: "query.runtime.missing"
        case .noParticipant: "query.participant.missing"
        case .empty: "query.empty"
        case .formKind: "query.format.kind"
        case .notTable: "query.table"
        case .undescribed: "query.output.format"
        }
    }

    var message: String {
        switch self {
        case .noRuntime: "the component that runs queries is not here"
        case .noParticipant(let name): "there is no \(name).pub here, so the keys of \(name) are not known"
        case .empty(let noun): "the \(noun) is empty"
        case .formKind(let name): "the format of \(name) is not one of a table"
        case .notTable(let name): "the result for \(name) is not a table that a format can describe"
        case .undescribed(let name): "without all of the data, nothing here shows what \(name) can be"
        }
    }

    var hint: String? {
        switch self {
        case .noRuntime: "`make runtimes` in this program's checkout makes it; else give a file: --runtime FILE"
        case .noParticipant(let name):
            "add --participant FILE; `2cvm key new \(name)` makes that file"
        case .empty("script"): "write a script that reads /data and writes /output"
        case .empty: "write one statement that reads, such as: select count(*) as n from patients"
        case .formKind: "`2cvm data describe FILE` drafts one from a table"
        case .notTable(let name), .undescribed(let name):
            "say what it may be: --format \(name)=FILE, or \(name)=any for whatever bytes"
        }
    }
}
