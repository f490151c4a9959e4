#include <cstdlib>
// What libc++ would print before it gives up would import the whole of WASI's streams.
_LIBCPP_BEGIN_NAMESPACE_STD
[[noreturn]] void __libcpp_verbose_abort(const char *, ...) noexcept { std::abort(); }
_LIBCPP_END_NAMESPACE_STD
