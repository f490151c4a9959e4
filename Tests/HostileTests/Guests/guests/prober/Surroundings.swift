// Attacks on everything else: environment, time, chance, logs, the network.

func onSurroundings(_ attack: Attack) -> String? {
    switch attack.verb {
    case "preopens": return FilesystemPreopens.getDirectories().map { $0.b }.joined(separator: ",")
    case "environment":
        let (variables, arguments) = (CliEnvironment.getEnvironment().count, CliEnvironment.getArguments().count)
        return "\(variables) variables, \(arguments) arguments, folder \(CliEnvironment.initialCwd() ?? "none")"
    case "stdin":
        return told { () throws(IoStreams.StreamError) in
            "\(try CliStdin.getStdin().blockingRead(1).count) bytes"
        }
    case "clock":
        let (first, second) = (ClocksMonotonicClock.now(), ClocksMonotonicClock.now())
        let (wall, next) = (ClocksWallClock.now(), ClocksWallClock.now())
        let ticks = "+\(second - first), +\(next.nanoseconds - wall.nanoseconds)"
        return "\(first), \(wall.seconds).\(wall.nanoseconds) \(ticks)"
    case "sleep":
        let start = ClocksMonotonicClock.now()
        ClocksMonotonicClock.subscribeDuration(UInt64(attack.number(0)) * 1_000_000_000).block()
        return "\((ClocksMonotonicClock.now() - start) / 1_000_000_000) s"
    case "random":
        let (word, insecure) = (RandomRandom.getRandomU64(), RandomInsecure.getInsecureRandomU64())
        let seed = RandomInsecureSeed.insecureSeed()
        let count = UInt64(attack.number(0))
        let bytes = RandomRandom.getRandomBytes(count) + RandomInsecure.getInsecureRandomBytes(count)
        return (littleEndian(word) + littleEndian(insecure) + littleEndian(seed.a) + littleEndian(seed.b) + bytes)
            .map { hexadecimal($0) }.joined()
    case "random-at-once": return "\(RandomRandom.getRandomBytes(UInt64(attack.number(0))).count) bytes"
    case "print": return printed(attack.number(0))
    case "exit": CliExit.exit(.success(Nothing()))
    case "exit-failed": CliExit.exit(.failure(Failed()))
    case "exit-code": CliExit.exitWithCode(UInt8(truncatingIfNeeded: attack.number(0)))
    default: return onNetwork(attack)
    }
    return "went on"
}

private func printed(_ count: Int) -> String {
    let stdout = CliStdout.getStdout()
    var left = count
    while left > 0 {
        do throws(IoStreams.StreamError) {
            try stdout.blockingWriteAndFlush([UInt8](repeating: 112, count: min(left, 4096)))
        } catch {
            return "\(error) after \(count - left)"
        }
        left -= 4096
    }
    return "done"
}

private func onNetwork(_ attack: Attack) -> String? {
    let network = SocketsInstanceNetwork.instanceNetwork()
    let loopback = SocketsNetwork.Ipv4SocketAddress(port: 47113, address: Tuple4(a: 127, b: 0, c: 0, d: 1))
    typealias Code = SocketsNetwork.ErrorCode
    return switch attack.verb {
    case "connect":
        outcome { () throws(Code) in
            let socket = try SocketsTcpCreateSocket.createTcpSocket(.ipv4)
            try socket.startConnect(network, remoteAddress: .ipv4(loopback))
        }
    case "listen":
        outcome { () throws(Code) in
            let socket = try SocketsTcpCreateSocket.createTcpSocket(.ipv4)
            try socket.startBind(network, localAddress: .ipv4(loopback))
            try socket.finishBind()
            try socket.startListen()
        }
    case "send":
        outcome { () throws(Code) in
            let socket = try SocketsUdpCreateSocket.createUdpSocket(.ipv4)
            try socket.startBind(network, localAddress: .ipv4(loopback))
        }
    case "resolve":
        outcome { () throws(Code) in _ = try SocketsIpNameLookup.resolveAddresses(network, name: attack[0]) }
    default: nil
    }
}

private func littleEndian(_ word: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
}

private func hexadecimal(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
}
