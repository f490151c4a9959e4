private import CWasmtime

/// An error of the library, read and freed.
struct LibraryError {
    let words: EngineWords
    /// What the component passed to WASI's `exit`, when that is what ended it.
    let exitStatus: Int32?

    /// Takes the error that a call gave; `nil` when the call succeeded.
    @unsafe
    init?(owning error: OpaquePointer?) {
        guard let error = unsafe error else { return nil }
        defer { unsafe wasmtime_error_delete(error) }

        var status: Int32 = 0
        exitStatus = unsafe wasmtime_error_exit_status(error, &status) ? status : nil

        var message = unsafe wasm_byte_vec_t(size: 0, data: nil)
        unsafe wasmtime_error_message(error, &message)
        defer { unsafe wasm_byte_vec_delete(&message) }
        words = unsafe EngineWords(decoding: UnsafeBufferPointer(start: message.data, count: message.size))
    }
}
