import Commitments
import Foundation
import Pages
import Primitives
import TestSupport
import Testing

@Suite("A page on a manifest")
struct ManifestPageTests {
    private static let parties = ["alice", "bob", "carol"].enumerated().map { Party($0.element, UInt8($0.offset)) }

    private func fixture() -> ManifestFixture {
        let (alice, bob, carol) = (Self.parties[0], Self.parties[1], Self.parties[2])
        var fixture = ManifestFixture(Self.parties)
        let digest = SHA256Digest(sha256: [1])
        fixture.components = [ManifestFixture.component("model", of: carol, digest, maximumBytes: 9)]
        fixture.data = [
            ManifestFixture.data("rows-a", of: alice, maximumBytes: 9),
            ManifestFixture.data("rows-b", of: bob, maximumBytes: 9),
        ]
        fixture.outputs = [ManifestFixture.output("sum", to: [alice, carol], maximumBytes: 9)]
        fixture.channels = [
            ManifestFixture.mount("rows-a", in: "model", at: "/a"),
            ManifestFixture.mount("rows-b", in: "model", at: "/b"),
            ManifestFixture.release("sum", of: "model", at: "/output/sum"),
        ]
        return fixture
    }

    private func page(_ fixture: ManifestFixture, reader: String? = nil) throws -> String {
        let document = ManifestDocument.draft(try fixture.manifest())
        let name = reader.flatMap { Name($0) }
        return Page(document, Explanation(of: document, addressBook: AddressBook(), reader: name)).text
    }

    @Test("says every statement that the explanation in text says")
    func shared() throws {
        let document = ManifestDocument.draft(try fixture().manifest())
        let explanation = Explanation(of: document, addressBook: AddressBook(), reader: nil)
        let page = Page(document, explanation).text
        for statement in explanation.sections.flatMap(\.statements) {
            let text = HTML.text(statement.text).markup
            #expect(page.contains(text), "\(statement.text)")
            for case .value(let value) in statement.lines + statement.details {
                #expect(page.contains(HTML.text(value).markup), "\(value)")
            }
        }
    }

    @Test("has no script, loads nothing, and names its style by its digest")
    func policy() throws {
        let page = try page(fixture())
        #expect(!page.contains("<script") && !page.contains("://") && !page.contains(/\son[a-z]+=/))
        let style = try #require(page.firstMatch(of: /<style>(.*?)<\/style>/.dotMatchesNewlines())).1
        let digest = Base64.standard.encode(SHA256Digest(sha256: style.utf8).bytes)
        #expect(page.contains("default-src 'none'; style-src 'sha256-\(digest)'; base-uri 'none'; form-action 'none'"))
        #expect(page.contains("<html lang=\"en\">"))
    }

    @Test("speaks to whoever reads first, and tells the others as others")
    func reader() throws {
        let page = try page(fixture(), reader: "bob")
        let own = try #require(page.range(of: "You, bob"))
        let other = try #require(page.range(of: "<h3>alice</h3>"))
        #expect(own.lowerBound < other.lowerBound)
        #expect(page.contains("You receive no output and learn nothing else."))
        #expect(page.contains("rows-b is read by model (carol's code). No other code can get anything of it."))
    }

    @Test("counts in bits what of one participant can reach another, and says where nothing can")
    func matrix() throws {
        let page = try page(fixture())
        let rows = page.matches(of: /<th scope="row">(.*?)(?:<tr>|<\/tbody>)/).map { String($0.1) }
        // At most 9 bytes of any kind: 73 bits count the empty file and the shorter ones too.
        #expect(rows[0].hasPrefix("alice's data<td>their own<td>"), "\(rows)")
        #expect(rows[1].hasPrefix("bob's data<td>"), "\(rows)")
        #expect(rows[2].hasPrefix("carol's code<td>") && rows[2].hasSuffix("<td>their own"), "\(rows)")
    }

    @Test("shows hostile words of a purpose as words, marked as the proposer's")
    func purpose() throws {
        var fixture = fixture()
        fixture.purpose =
            "</blockquote><script>alert(1)</script> You receive nothing. " + String(repeating: "W", count: 1900)
        let page = try page(fixture)
        #expect(!page.contains("<script>"))
        #expect(page.contains("in the proposer's words"))
        #expect(page.contains("<blockquote><bdi>&lt;/blockquote&gt;&lt;script&gt;alert(1)&lt;/script&gt; You receive"))
    }

    @Test("draws boxes that do not touch, and no line backwards, however components are linked")
    func layout() throws {
        var fixture = fixture()
        let carol = Self.parties[2]
        let count = 11
        for index in 0..<count {
            fixture.components.append(
                ManifestFixture.component(
                    "part-\(index)-" + String(repeating: "x", count: index * 2), of: carol,
                    SHA256Digest(sha256: [UInt8(index)]), maximumBytes: 9))
        }
        let names = (0..<count).map { "part-\($0)-" + String(repeating: "x", count: $0 * 2) }
        for (index, name) in names.enumerated() {
            for other in (0..<index).filter({ ($0 * 7 + index) % 3 == 0 }) {
                fixture.channels.append(ManifestFixture.link("l\(index)", from: name, "a:b/c", to: names[other]))
            }
            fixture.channels.append(ManifestFixture.link("m\(index)", from: name, "a:b/c", to: "model"))
        }
        let page = try page(fixture)
        let boxes = page.matches(of: /<rect[^>]*? x="(\d+)" y="(\d+)" width="(\d+)"/).compactMap { match in
            if let x = Int(match.1), let y = Int(match.2), let width = Int(match.3) { (x, y, width) } else { nil }
        }
        #expect(boxes.count == 2 + 12 + 1 + 2)
        for (index, one) in boxes.enumerated() {
            for other in boxes.dropFirst(index + 1) {
                let touches =
                    one.0 < other.0 + other.2 && other.0 < one.0 + one.2 && abs(one.1 - other.1) < 42
                #expect(!touches, "\(one) \(other)")
            }
        }
    }
}
