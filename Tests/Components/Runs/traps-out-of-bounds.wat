;; expect: engine.trap
;; words: out of bounds
;;
;; The guard region behind a memory, found by a signal.
(component
  (core module $m
    (memory 1)
    (func (export "run") (result i32) (i32.load (i32.const 0x7fffffff))))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
