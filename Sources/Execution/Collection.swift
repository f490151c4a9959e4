internal import Commitments
internal import Platform

/// Reads what a worker left behind, after it has ended.
///
/// Names, kinds and sizes in the folder are a hostile process's choice. The plan says what may be there.
struct OutputCollection {
    let plan: ExecutionPlan

    /// Every output, or why there is none.
    func collect(from job: borrowing Folder) throws(PlatformError) -> Result<[CollectedOutput], Refusal> {
        if try !holdsOnlyReleases(job) { return .failure(Refusal(reason: .outputUnexpected)) }
        var outputs: [CollectedOutput] = []
        for release in plan.releases {
            switch try open(release, in: job) {
            case .missing: return .failure(Refusal(reason: .outputMissing(release.name)))
            case .notRegular: return .failure(Refusal(reason: .outputNotRegular(release.name)))
            case .file(let file):
                guard file.byteCount <= release.maximumBytes else {
                    let reason = FailureReason.outputTooLarge(release.name, maximumBytes: release.maximumBytes)
                    return .failure(Refusal(reason: reason))
                }
                outputs.append(CollectedOutput(name: release.name, byteCount: file.byteCount, file: file))
            }
        }
        for log in plan.logs {
            switch try open(log, in: job) {
            case .missing: outputs.append(CollectedOutput(name: log.name, byteCount: 0, file: nil))
            case .notRegular: return .failure(Refusal(reason: .outputNotRegular(log.name)))
            case .file(let file):
                let count = min(file.byteCount, log.maximumBytes)
                outputs.append(CollectedOutput(name: log.name, byteCount: count, file: file))
            }
        }
        return .success(outputs)
    }

    struct Refusal: Error {
        let reason: FailureReason
    }

    private enum Opened {
        case file(RegularFile)
        case missing, notRegular
    }

    private func open(_ planned: PlannedFile, in job: borrowing Folder) throws(PlatformError) -> Opened {
        do {
            return .file(try job.file(planned.path))
        } catch .notRegular {
            return .notRegular
        } catch .system(_, let error) where error == .noSuchEntry {
            return .missing
        } catch .system(_, let error) where error.isAboutKind {
            return .notRegular
        } catch {
            throw error
        }
    }

    /// Whether everything below `out/` is a planned folder or a release. Ends at the first thing that is not.
    private func holdsOnlyReleases(_ job: borrowing Folder) throws(PlatformError) -> Bool {
        let releases = Set(plan.releases.map(\.path))
        let folders = Set(plan.folders.flatMap(Self.ancestors))
        var open = ["out"]
        while let path = open.popLast() {
            // A planned folder holds planned entries only, so one entry more than all of them is one too many.
            guard let entries = try entries(of: path, in: job, atMost: releases.count + folders.count + 1) else {
                return false
            }
            for entry in entries {
                guard let name = entry.name else { return false }
                let inner = path + "/" + name
                if folders.contains(inner) {
                    guard entry.kind == .folder else { return false }
                    open.append(inner)
                } else if !releases.contains(inner) {
                    return false
                }
            }
        }
        return true
    }

    /// `nil` when the worker made of the folder something that cannot be read.
    private func entries(
        of path: String, in job: borrowing Folder, atMost most: Int
    ) throws(PlatformError) -> [FolderEntry]? {
        do {
            return try job.folder(path).entries(atMost: most)
        } catch .system(_, let error) where error.isAboutKind || error == .noSuchEntry {
            return nil
        } catch {
            throw error
        }
    }

    /// `out/a/b` gives `out`, `out/a` and `out/a/b`.
    static func ancestors(_ path: String) -> [String] {
        let segments = path.split(separator: "/")
        return segments.indices.map { segments[...$0].joined(separator: "/") }
    }
}
