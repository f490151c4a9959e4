;; expect: completed
;;
;; Nobody catches what it throws.
(component
  (core module $m
    (tag $t (param i64))
    (func (export "run") (result i32) (throw $t (i64.const 1))))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
