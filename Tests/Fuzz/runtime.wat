;; A runtime without its core module, and what it says of that: a seed. It has no names, whose section would be the last.
(component
  (import "runtime-module" (core module
    (import "env" "memory" (memory 1)) (export "run" (func (result i32)))))
  (core module (memory (export "memory") 1))
  (core instance (instantiate 1))
  (core instance (instantiate 0 (with "env" (instance 0))))
  (func (result (result)) (canon lift (core func 1 "run")))
  (instance (export "run" (func 0)))
  (export "wasi:cli/run@0.2.12" (instance 0))
  (@custom "2cvm-runtime" "{\"version\":1,\"name\":\"tiny\",\"release\":\"0.1.0\",\"module\":\"sha256:0000000000000000000000000000000000000000000000000000000000000000\",\"features\":[],\"tables\":[1],\"files\":[{\"path\":\"/usr/lib/a\",\"bytes\":3,\"digest\":\"sha256:0000000000000000000000000000000000000000000000000000000000000000\"}]}")
)
