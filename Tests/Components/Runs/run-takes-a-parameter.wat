;; expect: engine.export.type
;; words: -
;;
;; Not the function that a command has.
(component
  (core module $m (memory 1) (func (export "run") (param i32) (result i32) i32.const 0))
  (core instance $i (instantiate $m))
  (func $run (param "x" u32) (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
