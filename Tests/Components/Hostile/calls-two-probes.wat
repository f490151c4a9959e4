;; expect: completed
;;
;; Runs two other components, one after the other, and answers with an error when one of them does.
(component
  (type $probe (instance (export "probe" (func (result (result))))))
  (import "left" (implements "hostile:guests/probe") (instance $left (type $probe)))
  (import "right" (implements "hostile:guests/probe") (instance $right (type $probe)))
  (core func $left (canon lower (func $left "probe")))
  (core func $right (canon lower (func $right "probe")))
  (core module $m
    (import "host" "left" (func $left (result i32)))
    (import "host" "right" (func $right (result i32)))
    (func (export "run") (result i32) (i32.or (call $left) (call $right))))
  (core instance $i (instantiate $m (with "host" (instance
    (export "left" (func $left))
    (export "right" (func $right))))))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
