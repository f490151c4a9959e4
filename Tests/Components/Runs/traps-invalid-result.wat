;; expect: engine.trap
;; words: -
;;
;; A result is 0 or 1; the engine refuses to read anything else.
(component
  (core module $m
    (func (export "run") (result i32) i32.const 2))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
