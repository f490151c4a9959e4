;; expect: completed
;;
;; Throws with a value, catches it, and answers ok where the value came through.
(component
  (core module $m
    (memory (export "memory") 1)
    (tag $t (param i32))
    (func $throws (throw $t (i32.const 7)))
    (func (export "run") (result i32)
      (block $caught (result i32)
        (try_table (catch $t $caught) (call $throws))
        (return (i32.const 1)))
      (i32.ne (i32.const 7))))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
