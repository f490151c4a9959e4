;; expect: ok
;; words: -
;;
;; A string goes from one memory to another through code that the engine makes.
(component
  (component $exporter
    (core module $m
      (memory (export "memory") 1)
      (global $next (mut i32) (i32.const 1024))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        global.get $next
        (global.set $next (i32.add (global.get $next) (local.get 3))))
      (func (export "length") (param i32 i32) (result i32) local.get 1))
    (core instance $i (instantiate $m))
    (func (export "length") (param "text" string) (result u32)
      (canon lift (core func $i "length") (memory (core memory $i "memory")) (realloc (core func $i "realloc")))))
  (component $importer
    (import "length" (func $length (param "text" string) (result u32)))
    (core module $memory (memory (export "memory") 1))
    (core instance $memory (instantiate $memory))
    (core func $length (canon lower (func $length) (memory (core memory $memory "memory"))))
    (core module $m
      (import "link" "length" (func $length (param i32 i32) (result i32)))
      (func (export "run") (result i32)
        (i32.ne (call $length (i32.const 0) (i32.const 5)) (i32.const 5))))
    (core instance $i (instantiate $m (with "link" (instance (export "length" (func $length))))))
    (func $run (result (result)) (canon lift (core func $i "run")))
    (instance $command (export "run" (func $run)))
    (export "wasi:cli/run@0.2.12" (instance $command)))
  (instance $exporter (instantiate $exporter))
  (instance $importer (instantiate $importer (with "length" (func $exporter "length"))))
  (export "wasi:cli/run@0.2.12" (instance $importer "wasi:cli/run@0.2.12")))
