;; expect: engine.trap
;; words: uninitialized element
;;
;; An indirect call through an empty slot.
(component
  (core module $m
    (table 1 funcref)
    (type $t (func (result i32)))
    (func (export "run") (result i32) (call_indirect (type $t) (i32.const 0))))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
