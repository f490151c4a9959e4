;; expect: engine.component.instantiation
;; words: memory minimum size
;; bound: memoryBytes 131072
;;
;; A minimum above the bound.
(component
  (core module $m
    (memory 3)
    (func (export "run") (result i32) i32.const 0))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
