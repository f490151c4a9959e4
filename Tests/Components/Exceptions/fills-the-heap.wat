;; expect: completed
;;
;; Keeps two million exceptions of 64 bytes in a table: 128 MB, unless the heap has an end.
(component
  (core module $m
    (tag $t (param i64 i64 i64 i64))
    (memory 1)
    (table $kept 2000000 exnref)
    (func (export "run") (result i32) (local $index i32) (local $thrown exnref)
      (loop $next
        (block $caught (result exnref)
          (try_table (catch_all_ref $caught)
            (throw $t (i64.const 1) (i64.const 2) (i64.const 3) (i64.const 4)))
          (unreachable))
        (local.set $thrown)
        (table.set $kept (local.get $index) (local.get $thrown))
        (local.set $index (i32.add (local.get $index) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $index) (i32.const 2000000))))
      (i32.const 0)))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
