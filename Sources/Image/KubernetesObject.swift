internal import Primitives

/// What runs one session on a Kubernetes cluster, as an object that `kubectl apply` takes.
///
/// The cluster's owner is the host: nothing here is trusted, and evidence alone says what was started.
public enum KubernetesObject: Sendable {
    /// A session that a cluster starts.
    public struct Session: Equatable, Sendable {
        /// A DNS label: what object, pod and service are called.
        public let name: String
        /// The container image that holds 2cvm, QEMU and the VM's image in `/image`; for KubeVirt the one that
        /// holds kernel and initramfs.
        public let containerImage: String
        public let memoryMiB: Int
        /// The processor's model, as QEMU spells it.
        public let vcpuType: String

        /// - Returns: `nil` when the name is no DNS label (RFC 1123) or the container image has other than
        ///   printable characters.
        public init?(name: String, containerImage: String, memoryMiB: Int, vcpuType: String) {
            let isLabel = name.utf8.allSatisfy { byte in
                UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                    || byte == UInt8(ascii: "-")
            }
            guard isLabel, 1...63 ~= name.utf8.count, !name.hasPrefix("-"), !name.hasSuffix("-"),
                !containerImage.isEmpty, containerImage.utf8.allSatisfy({ 0x21...0x7E ~= $0 })
            else { return nil }
            self.name = name
            self.containerImage = containerImage
            self.memoryMiB = memoryMiB
            self.vcpuType = vcpuType
        }
    }

    /// What QEMU and the launcher need beside the VM's memory.
    static let overheadMiB = 256
    /// Node Feature Discovery sets it where SEV-SNP is switched on.
    static let nodeLabel = "feature.node.kubernetes.io/cpu-security.sev.snp.enabled"

    /// A Deployment of one pod that runs `2cvm launch`, which starts the VM inside the pod.
    ///
    /// One replica, replaced and never doubled: a session is one VM's life. The pod is privileged since it opens
    /// /dev/kvm and /dev/sev itself; with a device plugin it need not be.
    ///
    /// - Parameter arguments: the launcher's, for what the session is bound to and all that is not the session's.
    public static func deployment(_ session: Session, arguments: [String]) -> String {
        let labels: JSONValue = ["app.kubernetes.io/name": "2cvm", "app.kubernetes.io/instance": .string(session.name)]
        let command =
            ["2cvm", "launch", "--image", "/image", "--profile", "snp"] + arguments + [
                "--listen", "0.0.0.0", "--port", "\(VirtualMachine.guestPort)", "--memory", "\(session.memoryMiB)",
                "--vcpu-type", session.vcpuType,
            ]
        let memory: JSONValue = .string("\(session.memoryMiB + overheadMiB)Mi")
        let container: JSONValue = [
            "name": "session", "image": .string(session.containerImage),
            "command": .array(command.map { .string($0) }),
            "ports": [["name": "http", "containerPort": .integer(Int(VirtualMachine.guestPort))]],
            "resources": ["requests": ["cpu": "1", "memory": memory], "limits": ["memory": memory]],
            "readinessProbe": readinessProbe,
            "securityContext": ["privileged": true],
            "volumeMounts": [
                ["name": "kvm", "mountPath": "/dev/kvm"], ["name": "sev", "mountPath": "/dev/sev"],
            ],
        ]
        return YAML.text([
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": ["name": .string(session.name), "labels": labels],
            "spec": [
                "replicas": 1, "strategy": ["type": "Recreate"], "selector": ["matchLabels": labels],
                "template": [
                    "metadata": ["labels": labels],
                    "spec": [
                        "automountServiceAccountToken": false, "enableServiceLinks": false,
                        "terminationGracePeriodSeconds": 5,
                        "nodeSelector": .object([JSONMember(nodeLabel, "true")]),
                        "containers": [container],
                        "volumes": [device("kvm"), device("sev")],
                    ],
                ],
            ],
        ])
    }

    /// A KubeVirt VirtualMachine, for a session that waits for its manifest: KubeVirt's API has no field for
    /// HOST_DATA.
    ///
    /// - Parameter commandLine: the kernel's, from the image.
    public static func kubeVirt(_ session: Session, commandLine: String) -> String {
        let labels: JSONValue = ["app.kubernetes.io/name": "2cvm", "app.kubernetes.io/instance": .string(session.name)]
        let domain: JSONValue = [
            "cpu": ["sockets": 1, "cores": 1, "threads": 1, "model": .string(session.vcpuType)],
            "memory": ["guest": .string("\(session.memoryMiB)Mi")],
            "launchSecurity": ["snp": .object([])],
            "firmware": [
                "bootloader": ["efi": ["secureBoot": false]],
                "kernelBoot": [
                    "kernelArgs": .string(commandLine),
                    "container": [
                        "image": .string(session.containerImage), "kernelPath": .string("/" + ImageFolder.kernelName),
                        "initrdPath": .string("/" + ImageFolder.initramfsName),
                    ],
                ],
            ],
            "devices": [
                "autoattachGraphicsDevice": false, "autoattachMemBalloon": false, "autoattachSerialConsole": true,
                "interfaces": [
                    [
                        "name": "default", "model": "virtio", "masquerade": .object([]),
                        "ports": [["name": "http", "port": .integer(Int(VirtualMachine.guestPort))]],
                    ]
                ],
            ],
            "resources": [
                "requests": ["cpu": "1", "memory": .string("\(session.memoryMiB)Mi")]
            ],
        ]
        return YAML.text([
            "apiVersion": "kubevirt.io/v1", "kind": "VirtualMachine",
            "metadata": ["name": .string(session.name), "labels": labels],
            "spec": [
                "runStrategy": "Once",
                "template": [
                    "metadata": ["labels": labels],
                    "spec": [
                        "architecture": "amd64", "evictionStrategy": "None", "terminationGracePeriodSeconds": 5,
                        "domain": domain, "networks": [["name": "default", "pod": .object([])]],
                        "readinessProbe": readinessProbe,
                    ],
                ],
            ],
        ])
    }

    private static let readinessProbe: JSONValue = [
        "httpGet": ["path": "/v1/status", "port": .integer(Int(VirtualMachine.guestPort))], "periodSeconds": 5,
        "failureThreshold": 60,
    ]

    private static func device(_ name: String) -> JSONValue {
        ["name": .string(name), "hostPath": ["path": .string("/dev/" + name), "type": "CharDevice"]]
    }
}
