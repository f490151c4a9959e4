/// One record of a cpio archive of the "newc" form, read as Linux' documentation describes it and by none of the code
/// that writes it. A program called cpio is not on every machine.
///
/// Source: Linux, Documentation/driver-api/early-userspace/buffer-format.rst.
struct NewcRecord {
    enum Unreadable: Error {
        case ends(at: Int)
        case magic(at: Int)
        case digits(at: Int)
        case name(at: Int)
        case padding(at: Int)
        case checksum(at: Int)
    }

    let name: String
    let content: [UInt8]
    let inode: UInt32
    let mode: UInt32
    let user: UInt32
    let group: UInt32
    let links: UInt32
    let seconds: UInt32
    /// Major and minor.
    let device: [UInt32]
    let specialDevice: [UInt32]

    /// All records before the trailer, which must be there and be followed by zeros alone.
    static func records(in bytes: [UInt8]) throws(Unreadable) -> [NewcRecord] {
        var records: [NewcRecord] = []
        var place = 0
        while true {
            let record = try NewcRecord(bytes, at: &place)
            if record.name == "TRAILER!!!" { break }
            records.append(record)
        }
        if let foreign = bytes[place...].firstIndex(where: { $0 != 0 }) { throw .padding(at: foreign) }
        return records
    }

    private init(_ bytes: [UInt8], at place: inout Int) throws(Unreadable) {
        guard place + 110 <= bytes.count else { throw .ends(at: bytes.count) }
        guard bytes[place..<place + 6].elementsEqual("070701".utf8) else { throw .magic(at: place) }
        var fields: [UInt32] = []
        for start in stride(from: place + 6, to: place + 110, by: 8) {
            let digits = String(decoding: bytes[start..<start + 8], as: UTF8.self)
            guard let field = UInt32(digits, radix: 16), !digits.hasPrefix("+") else { throw .digits(at: start) }
            fields.append(field)
        }
        let start = place
        place += 110
        let ended = try Self.take(Int(fields[11]), of: bytes, at: &place)
        guard ended.last == 0, !ended.dropLast().contains(0) else { throw .name(at: start) }
        content = try Self.take(Int(fields[6]), of: bytes, at: &place)
        guard fields[12] == 0 else { throw .checksum(at: start) }
        name = String(decoding: ended.dropLast(), as: UTF8.self)
        (inode, mode, user, group, links) = (fields[0], fields[1], fields[2], fields[3], fields[4])
        seconds = fields[5]
        device = [fields[7], fields[8]]
        specialDevice = [fields[9], fields[10]]
    }

    /// `count` bytes, and the zeros up to the next multiple of 4.
    private static func take(_ count: Int, of bytes: [UInt8], at place: inout Int) throws(Unreadable) -> [UInt8] {
        let end = place + count
        let padded = (end + 3) / 4 * 4
        guard padded <= bytes.count else { throw .ends(at: bytes.count) }
        if let foreign = bytes[end..<padded].firstIndex(where: { $0 != 0 }) { throw .padding(at: foreign) }
        defer { place = padded }
        return Array(bytes[place..<end])
    }
}
