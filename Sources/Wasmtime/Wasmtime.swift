// Safe Swift over the Wasmtime C API. The second of the two unsafe zones.
