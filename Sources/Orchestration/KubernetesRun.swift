internal import Image
internal import Primitives
internal import Scheduling

/// The machines of a run as objects for a Kubernetes cluster: an Indexed Job for sessions of equal needs.
///
/// Nothing here starts them. `2cvm plan run --driver none`, wherever the volume is mounted, moves the run forward.
package struct KubernetesRun {
    private let store: RunStore
    private let options: [String]
    private let image: String
    private let claim: String

    /// Where the volume is mounted: the run's folder itself.
    private static let mount = "/run/2cvm-plan"

    /// - Parameters:
    ///   - options: what `2cvm plan machine` is told of a machine; paths are those in the container.
    ///   - image: the container image, with 2cvm in it.
    ///   - claim: the volume claim that holds the run's folder.
    package init(store: RunStore, options: [String], image: String, claim: String) {
        self.store = store
        self.options = options
        self.image = image
        self.claim = claim
    }

    /// Every object, each after a line of three dashes.
    package func text() -> String {
        let groups = SlurmScript.scripts(for: Array(store.schedule.sessions.indices), of: store.schedule)
        return groups.enumerated().map { number, group in "---\n" + YAML.text(job(group, number + 1)) }.joined()
    }

    private func job(_ group: SlurmScript, _ number: Int) -> JSONValue {
        let labels: JSONValue = ["app.kubernetes.io/name": "2cvm", "app.kubernetes.io/instance": .string(store.name)]
        // Each time that a pod fails, another machine takes the session's part.
        let attempts = group.sessions.map { store.schedule.sessions[$0].attempts }.min() ?? 1
        let seconds = group.sessions.map { store.schedule.sessions[$0].seconds }.max() ?? 1
        return [
            "apiVersion": "batch/v1", "kind": "Job",
            "metadata": ["name": .string("\(store.name)-\(number)"), "labels": labels],
            "spec": [
                "completionMode": "Indexed", "completions": .integer(group.sessions.count),
                "parallelism": .integer(group.sessions.count), "backoffLimitPerIndex": .integer(attempts - 1),
                "activeDeadlineSeconds": .integer(seconds),
                "template": [
                    "metadata": ["labels": labels],
                    "spec": [
                        "restartPolicy": "Never", "automountServiceAccountToken": false, "enableServiceLinks": false,
                        "containers": [container(group)],
                        "volumes": [
                            ["name": "run", "persistentVolumeClaim": ["claimName": .string(claim)]]
                        ],
                    ],
                ],
            ],
        ]
    }

    private func container(_ group: SlurmScript) -> JSONValue {
        let command =
            [
                "2cvm", "plan", "machine", Self.mount,
                "--session", group.sessions.map(String.init).joined(separator: ","),
                "--index", "$(JOB_COMPLETION_INDEX)", "--task", "$(POD_NAME)", "--address", "$(POD_IP)",
            ] + options
        let memory: JSONValue = .string("\(group.memoryMiB)Mi")
        return [
            "name": "machine", "image": .string(image), "command": .array(command.map { .string($0) }),
            "env": [
                ["name": "POD_NAME", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]],
                ["name": "POD_IP", "valueFrom": ["fieldRef": ["fieldPath": "status.podIP"]]],
            ],
            "resources": ["requests": ["cpu": "1", "memory": memory], "limits": ["memory": memory]],
            "volumeMounts": [["name": "run", "mountPath": .string(Self.mount)]],
        ]
    }
}
