/// Pages of 2 MiB for memory that no file is behind (transparent huge pages).
public enum HugePages {
    /// Whether the kernel gives them to those who ask, and to nobody else.
    ///
    /// Source: Documentation/admin-guide/mm/transhuge.rst. The words `always madvise never`, the one that holds in
    /// brackets.
    public static var areOnRequest: Bool {
        areOnRequest(readText("/sys/kernel/mm/transparent_hugepage/enabled"))
    }

    /// The same of a text that was read; `nil` for a kernel without them.
    package static func areOnRequest(_ text: String?) -> Bool {
        text?.split(whereSeparator: \.isWhitespace).contains("[madvise]") == true
    }
}
