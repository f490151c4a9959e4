/// A VM privilege level (VMPL). 0 is the most privileged.
public enum PrivilegeLevel: UInt32, CaseIterable, Sendable {
    case vmpl0 = 0
    case vmpl1 = 1
    case vmpl2 = 2
    case vmpl3 = 3
}
