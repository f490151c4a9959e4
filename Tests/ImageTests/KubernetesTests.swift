import Foundation
import Image
import Testing

@Suite("An object for Kubernetes")
struct KubernetesTests {
    private static func session(name: String = "cohort") throws -> KubernetesObject.Session {
        try #require(
            KubernetesObject.Session(
                name: name, containerImage: "registry/2cvm:1", memoryMiB: 1024, vcpuType: "EPYC-v4"))
    }

    @Test("of a Deployment has what its schema requires, and one replica")
    func deployment() throws {
        let text = try KubernetesObject.deployment(
            Self.session(), arguments: ["--digest", "sha256:" + String(repeating: "a", count: 64)])
        // Required by apps/v1: selector and template; by a container: a name.
        for line in [
            "apiVersion: \"apps/v1\"", "kind: \"Deployment\"", "  replicas: 1", "  selector:", "    matchLabels:",
            "  template:", "      containers:", "        - name: \"session\"", "    type: \"Recreate\"",
            "            - \"--digest\"", "              path: \"/v1/status\"", "              port: 8080",
            "        feature.node.kubernetes.io/cpu-security.sev.snp.enabled: \"true\"",
        ] {
            #expect(text.contains("\n\(line)\n") || text.hasPrefix("\(line)\n"), "\(line)\n\(text)")
        }
    }

    @Test("of KubeVirt asks for SNP, boots the image's kernel and is probed by the agent's status")
    func kubeVirt() throws {
        let text = try KubernetesObject.kubeVirt(Self.session(), commandLine: "console=ttyS0 acpi=off")
        // Required by kubevirt.io/v1: template; by its spec: domain; by domain: devices; by kernelBoot's container:
        // image.
        for line in [
            "apiVersion: \"kubevirt.io/v1\"", "kind: \"VirtualMachine\"", "  runStrategy: \"Once\"", "  template:",
            "      domain:", "        devices:", "        launchSecurity:", "          snp: {}",
            "            container:", "              image: \"registry/2cvm:1\"",
            "            kernelArgs: \"console=ttyS0 acpi=off\"", "          path: \"/v1/status\"",
        ] {
            #expect(text.contains("\n\(line)\n") || text.hasPrefix("\(line)\n"), "\(line)\n\(text)")
        }
        #expect(!text.contains("hostData"))
    }

    @Test("is YAML that another reader takes as the same value")
    func yaml() throws {
        let text = try KubernetesObject.deployment(Self.session(), arguments: ["--await-manifest"])
        // No tab, no bare word as a value: everything a reader could take for something else is quoted.
        for line in text.split(separator: "\n") {
            #expect(!line.contains("\t"))
            guard let colon = line.range(of: ": ") else { continue }
            let value = line[colon.upperBound...]
            #expect(
                value.hasPrefix("\"") || value == "{}" || value == "true" || value == "false" || Int(value) != nil,
                "\(line)")
        }
    }

    @Test(
        "has a name that a cluster takes",
        arguments: ["", "Upper", "a_b", "-a", "a-", "a.b", "a\nb: c", String(repeating: "a", count: 64)])
    func names(_ name: String) {
        #expect(
            KubernetesObject.Session(name: name, containerImage: "x", memoryMiB: 1, vcpuType: "EPYC") == nil)
    }

    @Test("has a container image without spaces and line ends")
    func images() {
        for image in ["", "a b", "a\n", "é"] {
            #expect(
                KubernetesObject.Session(name: "a", containerImage: image, memoryMiB: 1, vcpuType: "EPYC") == nil)
        }
    }
}
