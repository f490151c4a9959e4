// The rows to another machine, or to another program on this one.

func connect() {
    let network = SocketsInstanceNetwork.instanceNetwork()
    let loopback = SocketsNetwork.Ipv4SocketAddress(port: 47113, address: Tuple4(a: 127, b: 0, c: 0, d: 1))
    let loopback6 = SocketsNetwork.Ipv6SocketAddress(
        port: 47113, flowInfo: 0, address: Tuple8(a: 0, b: 0, c: 0, d: 0, e: 0, f: 0, g: 0, h: 1), scopeId: 0)

    attempt("connect to 127.0.0.1") { () throws(SocketsNetwork.ErrorCode) in
        try connect(.ipv4, to: .ipv4(loopback), on: network)
    }
    attempt("connect to ::1") { () throws(SocketsNetwork.ErrorCode) in
        try connect(.ipv6, to: .ipv6(loopback6), on: network)
    }
    attempt("connect from outside to 127.0.0.1") { () throws(SocketsNetwork.ErrorCode) in
        let socket = try SocketsTcpCreateSocket.createTcpSocket(.ipv4)
        try socket.startBind(network, localAddress: .ipv4(loopback))
        try socket.finishBind()
    }
    // A name alone can carry rows: whoever serves the domain reads it.
    attempt("look up a name") { () throws(SocketsNetwork.ErrorCode) in
        _ = try SocketsIpNameLookup.resolveAddresses(network, name: "59-2-32-1-101-157.example.com")
    }
}

private func connect(
    _ family: SocketsNetwork.IpAddressFamily,
    to address: SocketsNetwork.IpSocketAddress,
    on network: SocketsNetwork.Network
) throws(SocketsNetwork.ErrorCode) {
    let socket = try SocketsTcpCreateSocket.createTcpSocket(family)
    try socket.startConnect(network, remoteAddress: address)
    // A connection on its way is a connection that was allowed.
    do throws(SocketsNetwork.ErrorCode) {
        _ = try socket.finishConnect()
    } catch .wouldBlock {
        return
    }
}
