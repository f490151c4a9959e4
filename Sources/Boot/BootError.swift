public import Platform
public import Primitives

/// Why an image does not come up. Each is final: the VM ends.
public enum BootError: Error, Equatable, Sendable {
    case root(ErrorNumber)
    case mount(String, ErrorNumber)
    /// Below /proc/sys.
    case setting(String)
    case moduleList(ModuleListError)
    case module(String, ErrorNumber)
    case randomness(ErrorNumber)
    /// An interface that is not there, or takes no address.
    case network(String, ErrorNumber)
    /// Nobody offered an address that can be used: how many answers were refused.
    case noLease(refused: Int)
    /// The agent could not be executed.
    case agent(ErrorNumber)
    /// The agent was ended by this signal.
    case agentCrashed(signal: Int32)
}

extension BootError: ExplainedError {
    public var code: String {
        switch self {
        case .root: "boot.root"
        case .mount: "boot.mount"
        case .setting: "boot.setting"
        case .moduleList: "boot.modules"
        case .module: "boot.module"
        case .randomness: "boot.randomness"
        case .network: "boot.network"
        case .noLease: "boot.dhcp"
        case .agent: "boot.agent"
        case .agentCrashed: "boot.agent.crashed"
        }
    }

    public var message: String {
        switch self {
        case .root(let error): "the root could not be covered: \(error)"
        case .mount(let path, let error): "could not mount \(path): \(error)"
        case .setting(let name): "the kernel did not take the setting \(name)"
        case .moduleList(let error): "the list of modules is wrong: \(error.message)"
        case .module(let name, let error): "the kernel did not take the module \(name): \(error)"
        case .randomness(let error): "the kernel gave no randomness: \(error)"
        case .network(let name, let error): "the interface \(name) could not be set up: \(error)"
        case .noLease(let refused): "no address was offered that can be used; \(refused) answers were refused"
        case .agent(let error): "the agent could not be started: \(error)"
        case .agentCrashed(let signal): "the agent was ended by signal \(signal)"
        }
    }
}
