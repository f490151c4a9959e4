// Types, limits and constant expressions of core modules (WebAssembly 2.0, sections 5.3 and 5.4.9).
extension ByteCursor {
    mutating func readValueType() throws(ComponentReadingError) {
        switch try peek() {
        case 0x7B, 0x7C, 0x7D, 0x7E, 0x7F: _ = try byte()
        default: try readReferenceType(or: .valueType)
        }
    }

    mutating func readReferenceType(
        or construct: ComponentReadingError.Construct = .referenceType
    ) throws(ComponentReadingError) {
        let start = offset
        switch try byte() {
        case 0x6F, 0x70: return
        case 0x63, 0x64: throw .refused(.functionReferences, offset: start)
        case 0x69, 0x74: try noteExceptions(at: start)
        case 0x68, 0x75: throw .refused(.stackSwitching, offset: start)
        case 0x6A...0x6E, 0x71...0x73: throw .refused(.garbageCollection, offset: start)
        case let code: throw .unknownByte(construct, offset: start, found: code)
        }
    }

    /// A tag's type: exceptions are the only kind, and a function's type says what they carry.
    mutating func readTagType() throws(ComponentReadingError) {
        let start = offset
        try noteExceptions(at: start)
        let kind = try byte()
        guard kind == 0 else { throw .unknownByte(.tag, offset: start, found: kind) }
        _ = try unsigned()
    }

    /// Bit 0 of the flags: a maximum follows; 1: shared; 2: 64 bits; 3: a page size follows.
    mutating func limits() throws(ComponentReadingError) -> CoreLimits {
        let start = offset
        let flags = try byte()
        guard flags < 16 else { throw .unknownByte(.limitsFlag, offset: start, found: flags) }
        if flags & 2 != 0 { throw .refused(.sharedMemory, offset: start) }
        if flags & 4 != 0 { throw .refused(.memory64, offset: start) }
        if flags & 8 != 0 { throw .refused(.customPageSizes, offset: start) }
        let minimum = try unsigned()
        let maximum = flags & 1 != 0 ? try unsigned() : nil
        guard minimum <= maximum ?? .max else { throw .invalidLimits(offset: start) }
        return CoreLimits(minimum: minimum, maximum: maximum, range: start..<offset)
    }

    mutating func readConstantExpression() throws(ComponentReadingError) {
        let first = offset
        for _ in 0..<ReaderLimits.maximumConstantInstructionCount {
            let start = offset
            switch try byte() {
            case 0x0B: return
            case 0x23, 0xD2: _ = try unsigned()  // global.get, ref.func
            case 0x41: try skipSigned(bitCount: 32)
            case 0x42: try skipSigned(bitCount: 64)
            case 0x43: try skip(4)
            case 0x44: try skip(8)
            case 0x6A...0x6C, 0x7C...0x7E: continue  // add, subtract and multiply
            case 0xD0: try readReferenceType()
            case 0xFB: throw .refused(.garbageCollection, offset: start)
            case 0xFD:
                guard try unsigned() == 12 else { throw .unknownByte(.constantInstruction, offset: start, found: 0xFD) }
                try skip(16)
            case let code: throw .unknownByte(.constantInstruction, offset: start, found: code)
            }
        }
        let maximum = ReaderLimits.maximumConstantInstructionCount
        throw .tooMany(.constantInstruction, offset: first, found: maximum + 1, maximum: maximum)
    }
}
