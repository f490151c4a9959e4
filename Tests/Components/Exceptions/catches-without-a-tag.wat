;; expect: completed
;;
;; Uses exceptions in instructions alone: nothing outside of a function's body shows it.
(component
  (core module $m
    (func (export "run") (result i32)
      (block $caught (try_table (catch_all $caught) (nop)))
      (i32.const 0)))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
