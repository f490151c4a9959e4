;; expect: engine.trap
;; words: out of bounds
;;
;; The largest address and the largest constant offset together.
(component
  (core module $m
    (memory 1)
    (func (export "run") (result i32) (i32.load offset=0xffffffff (i32.const 0xffffffff))))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
