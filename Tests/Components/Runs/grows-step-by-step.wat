;; expect: ok
;; words: -
;;
;; Sixty-four steps of one page, past several megabytes: what was written stays, what comes is zero.
(component
  (core module $m
    (memory 1)
    (func (export "run") (result i32)
      (local $page i32)
      (loop $next
        ;; The last word of the newest page marks it.
        (i32.store
          (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4))
          (i32.add (local.get $page) (i32.const 1)))
        (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then (return (i32.const 1))))
        (if (i32.load (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 4)))
          (then (return (i32.const 1))))
        (local.set $page (i32.add (local.get $page) (i32.const 1)))
        (br_if $next (i32.lt_u (local.get $page) (i32.const 64))))
      (local.set $page (i32.const 0))
      (loop $again
        (if (i32.ne
              (i32.load (i32.sub (i32.shl (i32.add (local.get $page) (i32.const 1)) (i32.const 16)) (i32.const 4)))
              (i32.add (local.get $page) (i32.const 1)))
          (then (return (i32.const 1))))
        (local.set $page (i32.add (local.get $page) (i32.const 1)))
        (br_if $again (i32.lt_u (local.get $page) (i32.const 64))))
      (i32.const 0)))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
