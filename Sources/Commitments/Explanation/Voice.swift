/// To whom an explanation speaks, and whose keys they know.
package struct Voice {
    package let reader: Name?
    package let addressBook: AddressBook

    /// Speaks to `reader`, or to nobody in particular.
    package init(reader: Name?, addressBook: AddressBook = AddressBook()) {
        self.reader = reader
        self.addressBook = addressBook
    }

    /// `You bring`, `hospital-a brings`: the beginning of a sentence.
    package func subject(_ name: Name, _ second: String, _ third: String) -> String {
        name == reader ? "You \(second)" : "\(name) \(third)"
    }

    /// `your`, `hospital-a's`.
    package func possessive(_ name: Name) -> String {
        name == reader ? "your" : "\(name)'s"
    }

    /// `you`, `hospital-a`.
    package func object(_ name: Name) -> String {
        name == reader ? "you" : name.description
    }

    /// Whether it is the one who is spoken to.
    package func isReader(_ end: End) -> Bool { end.participant.map { $0 == reader } ?? false }

    /// `your`, `hospital-a's`, `the session site-a's`.
    package func possessive(_ end: End) -> String {
        end.participant.map { possessive($0) } ?? "\(end)'s"
    }

    /// `you`, `hospital-a`, `the session site-a`.
    package func object(_ end: End) -> String {
        end.participant.map { object($0) } ?? end.description
    }
}
