;; expect: engine.component.instantiation
;; words: memory count too high
;; bound: memories 1
;;
;; Two memories in one module.
(component
  (core module $m
    (memory 1)
    (memory 1)
    (func (export "run") (result i32) i32.const 0))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
