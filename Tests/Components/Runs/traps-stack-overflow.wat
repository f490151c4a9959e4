;; expect: engine.trap
;; words: call stack exhausted
;;
;; Endless recursion; the backtrace is cut.
(component
  (core module $m
    (func $deeper (param i32) (result i32)
      (i32.add (i32.const 1) (call $deeper (local.get 0))))
    (func (export "run") (result i32) (call $deeper (i32.const 0))))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
