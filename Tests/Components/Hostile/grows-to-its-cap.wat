;; expect: completed
;; memoryMiB: 1
;;
;; One page, and no maximum of its own. It gets the other fifteen that it was granted, and not one more: neither by
;; asking again nor by asking for all at once.
(component
  (core module $m
    (memory 1)
    (func (export "run") (result i32)
      (if (i32.ne (memory.grow (i32.const 65535)) (i32.const -1)) (then (return (i32.const 1))))
      (if (i32.ne (memory.grow (i32.const 15)) (i32.const 1)) (then (return (i32.const 1))))
      (if (i32.ne (memory.grow (i32.const 1)) (i32.const -1)) (then (return (i32.const 1))))
      (i32.store (i32.const 1048572) (i32.const 7))
      (i32.ne (memory.size) (i32.const 16))))
  (core instance $i (instantiate $m))
  (func $run (result (result)) (canon lift (core func $i "run")))
  (instance $command (export "run" (func $run)))
  (export "wasi:cli/run@0.2.12" (instance $command)))
