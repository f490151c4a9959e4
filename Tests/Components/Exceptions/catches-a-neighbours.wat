;; expect: completed
;;
;; Calls a neighbour, catches everything, and answers ok where something was caught.
(component
  (type $probe (instance (export "probe" (func (result (result))))))
  (import "left" (implements "hostile:guests/probe") (instance $left (type $probe)))
  (core func $left (canon lower (func $left "probe")))
  (core module $m
    (import "host" "left" (func $left (result i32)))
    (func (export "run") (result i32)
      (block $caught (try_table (catch_all $caught) (drop (call $left))) (return (i32.const 1)))
      (i32.const 0)))
  (core instance $i (instantiate $m (with "host" (instance (export "left" (func $left))))))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
