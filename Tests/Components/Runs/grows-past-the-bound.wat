;; expect: ok
;; words: -
;; bound: memoryBytes 131072
;;
;; memory.grow answers -1, as the specification has it; nothing traps.
(component
  (core module $m
    (memory 1)
    (func (export "run") (result i32) (i32.ne (memory.grow (i32.const 2)) (i32.const -1))))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
