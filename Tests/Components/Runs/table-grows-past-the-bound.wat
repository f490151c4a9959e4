;; expect: ok
;; words: -
;; bound: tableElements 100
;;
;; table.grow answers -1.
(component
  (core module $m
    (table 1 funcref)
    (func (export "run") (result i32)
      (i32.ne (table.grow (ref.null func) (i32.const 100)) (i32.const -1))))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
