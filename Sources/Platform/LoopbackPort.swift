internal import Glibc

/// Ports of this machine that nobody else reaches.
public enum LoopbackPort {
    /// A TCP port on 127.0.0.1 that nothing listens on at this moment. Whoever is told of it binds it next, and says
    /// so if somebody was faster.
    ///
    /// - Throws: ``PlatformError/system(action:error:)``.
    public static func unused() throws(PlatformError) -> UInt16 {
        let number = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard number >= 0 else { throw .system(action: "make a socket", error: ErrorNumber(errno)) }
        let descriptor = Descriptor(owning: number)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(descriptor.number, pointer, length) == 0
                    && getsockname(descriptor.number, pointer, &length) == 0
            }
        }
        guard isBound else { throw .system(action: "find a free port", error: ErrorNumber(errno)) }
        return UInt16(bigEndian: address.sin_port)
    }
}
