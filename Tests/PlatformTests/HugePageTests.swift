import Platform
import Testing

@Suite("The kernel's word on huge pages")
struct HugePageTests {
    @Test("counts only where it is the one that holds")
    func modes() {
        #expect(HugePages.areOnRequest("always [madvise] never\n"))
        for text in ["[always] madvise never\n", "always madvise [never]\n", "madvise", "[madvise", "", nil] {
            #expect(!HugePages.areOnRequest(text), "\(text ?? "nothing")")
        }
    }
}
